package org.procpool.cli.text;

/** Text of others, such as the message of a handler's exception, as one line that steers no terminal. */
public final class OneLine {

    private OneLine() {}

    /** The text with a blank in place of each run of control characters. */
    public static String of(String text) {
        StringBuilder line = new StringBuilder(text.length());
        boolean gap = false;
        for (int i = 0; i < text.length(); i++) {
            char next = text.charAt(i);
            if (Character.isISOControl(next)) {
                gap = line.length() > 0;
            } else {
                boolean spaced = next == ' ' || line.length() > 0 && line.charAt(line.length() - 1) == ' ';
                line.append(gap && !spaced ? " " : "").append(next);
                gap = false;
            }
        }
        return line.toString();
    }
}
