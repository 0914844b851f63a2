package org.procpool.cli;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.procpool.proto.Payload;

/** Draws landscapes as large as a camera takes them. The same every time. */
final class DemoPhotos {

    static final int WIDTH = 4000;
    static final int HEIGHT = 3000;

    private static final int RIDGES = 5;
    private static final int RIDGE_POINTS = 250;

    private DemoPhotos() {}

    /**
     * The photos as JPEG.
     *
     * @throws IOException if this Java has no JPEG writer
     */
    static List<Payload> draw(int count) throws IOException {
        System.setProperty("java.awt.headless", "true");
        ImageIO.setUseCache(false);
        BufferedImage canvas = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        List<Payload> photos = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            landscape(canvas, new Random(i));
            ByteArrayOutputStream jpeg = new ByteArrayOutputStream(4 << 20);
            if (!ImageIO.write(canvas, "jpeg", jpeg)) {
                throw new IOException("this Java cannot write JPEG images");
            }
            photos.add(Payload.of(jpeg.toByteArray()));
        }
        return photos;
    }

    private static void landscape(BufferedImage canvas, Random random) {
        Graphics2D graphics = canvas.createGraphics();
        float hue = random.nextFloat();
        Color zenith = Color.getHSBColor(hue, 0.6f, 0.5f);
        Color horizon = Color.getHSBColor(hue + 0.1f, 0.3f, 1f);
        graphics.setPaint(new GradientPaint(0, 0, zenith, 0, HEIGHT, horizon));
        graphics.fillRect(0, 0, WIDTH, HEIGHT);
        graphics.setPaint(Color.WHITE);
        int sun = 200 + random.nextInt(200);
        graphics.fillOval(random.nextInt(WIDTH - sun), random.nextInt(HEIGHT / 3), sun, sun);
        for (int ridge = 0; ridge < RIDGES; ridge++) {
            graphics.setPaint(Color.getHSBColor(hue + 0.5f, 0.5f, 0.6f - 0.1f * ridge));
            graphics.fillPolygon(ridge(random, HEIGHT / 3 + ridge * HEIGHT / 8));
        }
        graphics.dispose();
        grain(canvas, random.nextInt());
    }

    /** The noise of a camera's sensor: without it a photo would be a tenth of the size that real ones have. */
    private static void grain(BufferedImage canvas, int seed) {
        int[] pixels = ((DataBufferInt) canvas.getRaster().getDataBuffer()).getData();
        int state = seed | 1;
        for (int i = 0; i < pixels.length; i++) {
            // Marsaglia's xorshift: Random would take seconds for so many.
            state ^= state << 13;
            state ^= state >>> 17;
            state ^= state << 5;
            // Changes the lowest bits of red, green and blue, and so never carries from one to the next.
            pixels[i] ^= state & 0x1F1F1F;
        }
    }

    private static Polygon ridge(Random random, int height) {
        Polygon ridge = new Polygon();
        ridge.addPoint(0, HEIGHT);
        double y = height;
        for (int point = 0; point <= RIDGE_POINTS; point++) {
            y += (random.nextDouble() - 0.5) * 80;
            ridge.addPoint(point * WIDTH / RIDGE_POINTS, (int) y);
        }
        ridge.addPoint(WIDTH, HEIGHT);
        return ridge;
    }
}
