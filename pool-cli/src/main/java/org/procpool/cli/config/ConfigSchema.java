package org.procpool.cli.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The JSON schema of the file, by which editors complete and check it while it is written. */
public final class ConfigSchema {

    private static final String DURATION = "^[0-9]{1,12}(us|ms|s|m|h)$";
    private static final String SIZE = "^[0-9]{1,18}[bkmgtBKMGT]?$";

    private final ObjectMapper mapper = new ObjectMapper();

    /** The schema as a text that ends with a line feed. */
    public String text(ConfigOptions options) {
        ObjectNode schema = mapper.createObjectNode();
        schema.put("$schema", "http://json-schema.org/draft-07/schema#");
        schema.put("title", "procpool.yaml: the settings of 'procpool serve'");
        schema.put("type", "object");
        schema.put("additionalProperties", false);
        ObjectNode properties = schema.putObject("properties");
        options.all().forEach(option -> describe(option, properties.putObject(option.name())));
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));
        printer.indentObjectsWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE.withLinefeed("\n"));
        try {
            return mapper.writer(printer).writeValueAsString(schema) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values could not be written", e);
        }
    }

    private static void describe(ConfigOption option, ObjectNode property) {
        property.put("description", option.description());
        switch (option.kind()) {
            case COUNT -> property.put("type", "integer").put("minimum", 0);
            case DURATION -> property.put("type", "string").put("pattern", DURATION);
            case SIZE -> {
                ArrayNode types = property.putArray("type");
                types.add("integer").add("string");
                property.put("minimum", 0).put("pattern", SIZE);
            }
            case CHOICE -> choices(option, property);
            case LIST -> {
                property.putArray("type").add("string").add("array");
                property.putObject("items").put("type", "string");
            }
            case TEXT -> property.put("type", "string");
        }
    }

    private static void choices(ConfigOption option, ObjectNode property) {
        if (option.isSwitch()) {
            property.put("type", "boolean");
        } else {
            option.choices().forEach(property.withArray("enum")::add);
        }
    }
}
