package org.procpool.cli.top;

import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** One line of the screen while it is written, never wider than the screen. Not thread-safe. */
final class Line {

    private final AttributedStringBuilder text = new AttributedStringBuilder();
    private final Palette palette;
    private final int width;

    Line(Palette palette, int width) {
        this.palette = palette;
        this.width = width;
    }

    Line add(String part, AttributedStyle style) {
        text.styled(style, part);
        return this;
    }

    Line add(String part) {
        return add(part, palette.plain());
    }

    Line add(Line part) {
        text.append(part.text);
        return this;
    }

    /** The part, if all of it fits. */
    Line addIfFits(Line part) {
        return columns() + part.columns() <= width ? add(part) : this;
    }

    /** The part at the right end, if it fits with a gap before it. */
    Line right(Line part) {
        int gap = width - columns() - part.columns();
        return gap < 2 ? this : add(" ".repeat(gap)).add(part);
    }

    int columns() {
        return text.columnLength();
    }

    /** Cut off with an ellipsis where it is too long. */
    AttributedString cut() {
        if (columns() <= width) {
            return text.toAttributedString();
        }
        AttributedStringBuilder cut = new AttributedStringBuilder();
        cut.append(text.columnSubSequence(0, Math.max(0, width - 1)));
        cut.append(palette.ellipsis());
        return cut.toAttributedString();
    }

    /** All of the line in one style, to the screen's edge. */
    AttributedString whole(AttributedStyle style) {
        String plain = cut().toString();
        int missing = width - new AttributedString(plain).columnLength();
        return new AttributedString(plain + " ".repeat(Math.max(0, missing)), style);
    }
}
