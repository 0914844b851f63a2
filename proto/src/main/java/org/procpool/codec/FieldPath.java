package org.procpool.codec;

import com.fasterxml.jackson.core.JsonStreamContext;

/** Writes down where in a value something is, the way people would: {@code request.items[2].callback}. */
final class FieldPath {

    private static final int CHARS_MAX = 500;

    private FieldPath() {}

    /** What a value of that class is called at the start of a path. */
    static String root(Class<?> type) {
        String name = type.getSimpleName();
        boolean named = !type.isArray()
                && !type.isHidden()
                && !name.isEmpty()
                && !type.getName().startsWith("java.");
        return named ? Character.toLowerCase(name.charAt(0)) + name.substring(1) : "value";
    }

    /** Path of the value that is written, or would be written, next in that context. */
    static String upcoming(String root, JsonStreamContext context) {
        if (context.inArray()) {
            return cut(parent(root, context) + "[" + context.getEntryCount() + "]");
        }
        return context.inObject() ? cut(parent(root, context) + member(context)) : root;
    }

    /** Path of the object or array that the context is inside of. */
    static String parent(String root, JsonStreamContext context) {
        JsonStreamContext outer = context.getParent();
        StringBuilder path = new StringBuilder();
        while (outer != null) {
            // The entry that holds us was counted when we were opened.
            String step = outer.inArray() ? "[" + outer.getCurrentIndex() + "]" : outer.inObject() ? member(outer) : "";
            path.insert(0, step);
            outer = outer.getParent();
        }
        return cut(root + path);
    }

    private static String member(JsonStreamContext context) {
        return context.hasCurrentName() ? "." + context.getCurrentName() : "";
    }

    /** In the middle, since both ends of a path help. */
    static String cut(String path) {
        if (path.length() <= CHARS_MAX) {
            return path;
        }
        return path.substring(0, CHARS_MAX / 2) + "…" + path.substring(path.length() - CHARS_MAX / 2);
    }
}
