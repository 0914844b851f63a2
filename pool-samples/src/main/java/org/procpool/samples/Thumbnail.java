package org.procpool.samples;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.procpool.proto.Payload;
import org.procpool.worker.TaskContext;
import org.procpool.worker.TaskHandler;

/** A JPEG or PNG in, the same picture in the same format out, its longest side 256 pixels or less. */
final class Thumbnail implements TaskHandler {

    static final int SIDE_MAX = 256;

    /** More than any camera has; a header that announces more is a mistake or an attack on memory. */
    static final long PIXELS_MAX = 200_000_000;

    /** How much larger than the thumbnail a picture is kept while it is read, so that no row of it is all aliasing. */
    private static final int OVERSAMPLING = 4;

    static {
        System.setProperty("java.awt.headless", "true");
    }

    @Override
    public Payload handle(TaskContext context, Payload payload) throws IOException {
        // Not in the static initialiser: a third of each worker's boot would go into looking for image formats.
        ImageIO.setUseCache(false);
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(payload.bytes()))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IllegalArgumentException("thumbnail takes a JPEG or PNG image; this payload is neither");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                return write(scale(read(reader)), format(reader));
            } finally {
                reader.dispose();
            }
        }
    }

    private static String format(ImageReader reader) throws IOException {
        String format = reader.getFormatName().toLowerCase(Locale.ROOT);
        if (!format.equals("jpeg") && !format.equals("png")) {
            throw new IllegalArgumentException("thumbnail takes a JPEG or PNG image; this one is " + format);
        }
        return format;
    }

    private static BufferedImage read(ImageReader reader) throws IOException {
        format(reader);
        try {
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            if ((long) width * height > PIXELS_MAX) {
                throw new IllegalArgumentException("the image has " + width + " x " + height
                        + " pixels, thumbnail takes at most " + PIXELS_MAX / 1_000_000 + " megapixels");
            }
            // A camera's picture would need 100 MB at full size; every n-th pixel of it is still more than is shown.
            int step = Math.max(1, Math.max(width, height) / (SIDE_MAX * OVERSAMPLING));
            ImageReadParam parameters = reader.getDefaultReadParam();
            parameters.setSourceSubsampling(step, step, 0, 0);
            return reader.read(0, parameters);
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("the image is damaged or of a kind that cannot be read", e);
        }
    }

    /** Halves until the last step is less than a half: each step then looks at every pixel of the one before. */
    static BufferedImage scale(BufferedImage image) {
        int longest = Math.max(image.getWidth(), image.getHeight());
        double ratio = Math.min(1, (double) SIDE_MAX / longest);
        int targetWidth = Math.max(1, (int) Math.round(image.getWidth() * ratio));
        int targetHeight = Math.max(1, (int) Math.round(image.getHeight() * ratio));
        BufferedImage current = image;
        do {
            int width = Math.max(targetWidth, (current.getWidth() + 1) / 2);
            int height = Math.max(targetHeight, (current.getHeight() + 1) / 2);
            current = draw(current, width, height);
        } while (current.getWidth() > targetWidth || current.getHeight() > targetHeight);
        return current;
    }

    private static BufferedImage draw(BufferedImage source, int width, int height) {
        boolean alpha = source.getColorModel().hasAlpha();
        BufferedImage target =
                new BufferedImage(width, height, alpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = target.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(source, 0, 0, width, height, null);
        graphics.dispose();
        return target;
    }

    private static Payload write(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!ImageIO.write(image, format, out)) {
            throw new IllegalArgumentException("a " + format + " image of this kind cannot be written");
        }
        return Payload.of(out.toByteArray());
    }
}
