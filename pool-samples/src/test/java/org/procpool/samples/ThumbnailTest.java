package org.procpool.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.procpool.proto.Payload;

class ThumbnailTest {

    private static final int WIDTH_AT = 16;

    private final Thumbnail thumbnail = new Thumbnail();

    @ParameterizedTest
    @CsvSource({
        "png, 6000, 4000, 256, 171",
        "jpeg, 4000, 6000, 171, 256",
        "jpeg, 257, 257, 256, 256",
        "png, 100, 50, 100, 50",
        "png, 5000, 1, 256, 1"
    })
    void a_picture_keeps_format_and_proportions(String format, int width, int height, int newWidth, int newHeight)
            throws IOException {
        Payload result = thumbnail.handle(new FakeContext(), picture(format, width, height));

        BufferedImage image = ImageIO.read(new ByteArrayInputStream(result.bytes()));
        assertThat(image.getWidth()).isEqualTo(newWidth);
        assertThat(image.getHeight()).isEqualTo(newHeight);
        assertThat(result.buffer().get(0)).isEqualTo((byte) (format.equals("png") ? 0x89 : 0xFF));
    }

    @Test
    void colours_and_places_are_kept() throws IOException {
        Payload result = thumbnail.handle(new FakeContext(), picture("png", 1024, 1024));

        BufferedImage image = ImageIO.read(new ByteArrayInputStream(result.bytes()));
        assertThat(new Color(image.getRGB(64, 128))).isEqualTo(Color.RED);
        assertThat(new Color(image.getRGB(192, 128))).isEqualTo(Color.BLUE);
    }

    @Test
    void transparency_of_a_png_is_kept() throws IOException {
        BufferedImage clear = new BufferedImage(1000, 1000, BufferedImage.TYPE_INT_ARGB);

        Payload result = thumbnail.handle(new FakeContext(), encode(clear, "png"));

        assertThat(ImageIO.read(new ByteArrayInputStream(result.bytes())).getRGB(9, 9))
                .isZero();
    }

    @Test
    void what_is_no_image_is_refused() {
        assertThatThrownBy(() -> thumbnail.handle(new FakeContext(), Payload.of("no image")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("JPEG or PNG");
        assertThatThrownBy(() -> thumbnail.handle(new FakeContext(), picture("gif", 10, 10)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("this one is gif");
    }

    @Test
    void a_damaged_image_is_refused() throws IOException {
        byte[] half = picture("png", 500, 500).bytes();

        assertThatThrownBy(() -> thumbnail.handle(new FakeContext(), Payload.of(Arrays.copyOf(half, half.length / 2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void an_image_that_announces_too_many_pixels_is_refused_before_it_is_decoded() throws IOException {
        byte[] bomb = picture("png", 10, 10).bytes();
        ByteBuffer header = ByteBuffer.wrap(bomb);
        header.putInt(WIDTH_AT, 100_000).putInt(WIDTH_AT + 4, 100_000);
        CRC32 checksum = new CRC32();
        checksum.update(bomb, WIDTH_AT - 4, 17);
        header.putInt(WIDTH_AT + 13, (int) checksum.getValue());

        assertThatThrownBy(() -> thumbnail.handle(new FakeContext(), Payload.of(bomb)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("100000 x 100000 pixels")
                .hasMessageContaining("200 megapixels");
    }

    /** Red on the left, blue on the right. */
    private static Payload picture(String format, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.RED);
        graphics.fillRect(0, 0, width, height);
        graphics.setColor(Color.BLUE);
        graphics.fillRect(width / 2, 0, width, height);
        graphics.dispose();
        return encode(image, format);
    }

    private static Payload encode(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, format, out)).isTrue();
        return Payload.of(out.toByteArray());
    }
}
