package org.procpool.system;

import java.util.regex.Pattern;

/** What is the same in a text of the documentation and in what a command says: all but ids, addresses and numbers. */
final class Shape {

    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z");
    private static final Pattern ADDRESS = Pattern.compile("(127\\.0\\.0\\.1|localhost):\\d+");
    /** Its pool, with 4 digits or fewer, then how many tasks there were before; of those a test has not so many. */
    private static final Pattern TASK_ID = Pattern.compile("\\b(?=[0-9a-z]{9,13}\\b)[0-9a-z]+0000[0-9a-z]+\\b");

    private static final Pattern NUMBER = Pattern.compile("(\\d+(\\.\\d+)?(ms|us|[kmgtsh])?)+");

    private Shape() {}

    static String of(String text) {
        String shape = TIME.matcher(text.strip()).replaceAll("TIME");
        shape = ADDRESS.matcher(shape).replaceAll("ADDRESS");
        shape = TASK_ID.matcher(shape).replaceAll("ID");
        shape = NUMBER.matcher(shape).replaceAll("N");
        return shape.replaceAll(" +", " ");
    }
}
