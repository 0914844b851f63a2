package org.procpool.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Writes results as one line of JSON. */
final class Json {

    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** What is in an object. */
    interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    static String object(Fields fields) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing JSON to memory failed", e);
        }
        return out.toString();
    }

    static void spread(JsonGenerator json, String name, Spread spread) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeNumberField("min", thousandths(spread.min()));
        json.writeNumberField("median", thousandths(spread.median()));
        json.writeNumberField("max", thousandths(spread.max()));
        json.writeEndObject();
    }

    static double tenths(double value) {
        return Math.round(value * 10) / 10.0;
    }

    static double thousandths(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
