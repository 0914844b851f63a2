package org.procpool.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Notices when an object is opened inside itself. The generator already knows which objects are open: each context
 * holds its own, so the check is a walk outwards and no second book is kept.
 */
final class CycleGuard extends JsonGeneratorDelegate {

    private final String root;

    CycleGuard(JsonGenerator generator, String root) {
        super(generator);
        this.root = root;
    }

    @Override
    public void writeStartObject(@Nullable Object value) throws IOException {
        refuseIfOpen(value);
        super.writeStartObject(value);
    }

    @Override
    public void writeStartObject(@Nullable Object value, int size) throws IOException {
        refuseIfOpen(value);
        super.writeStartObject(value, size);
    }

    @Override
    public void writeStartArray(@Nullable Object value) throws IOException {
        refuseIfOpen(value);
        super.writeStartArray(value);
    }

    @Override
    public void writeStartArray(@Nullable Object value, int size) throws IOException {
        refuseIfOpen(value);
        super.writeStartArray(value, size);
    }

    private void refuseIfOpen(@Nullable Object value) {
        JsonStreamContext open = getOutputContext();
        while (value != null && open != null) {
            if (open.getCurrentValue() == value && !open.inRoot()) {
                throw new CodecException(
                        CodecException.Reason.CYCLE,
                        "the value contains itself and cannot be sent: " + path() + " -> "
                                + FieldPath.parent(root, open) + " ("
                                + value.getClass().getName() + ")",
                        null);
            }
            open = open.getParent();
        }
    }

    /** Of what is being written right now. */
    String path() {
        return FieldPath.upcoming(root, getOutputContext());
    }
}
