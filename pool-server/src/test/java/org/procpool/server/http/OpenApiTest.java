package org.procpool.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.handler.codec.http.HttpMethod;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.procpool.server.security.Scope;

/** Holds the description of the HTTP interface against the interface. */
class OpenApiTest {

    private final JsonNode description = read();

    private static JsonNode read() {
        try {
            return new ObjectMapper().readTree(OpenApi.text());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void description_is_valid() {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        SwaggerParseResult result = new OpenAPIV3Parser().readContents(OpenApi.text(), List.of(), options);

        assertThat(result.getMessages()).isEmpty();
        assertThat(result.isOpenapi31()).isTrue();
        assertThat(result.getOpenAPI().getInfo().getVersion()).isEqualTo(Version.text());
    }

    @Test
    void reference_that_leads_nowhere_is_found() {
        Set<String> references = new TreeSet<>();
        description.findValues("$ref").forEach(reference -> references.add(reference.asText()));

        assertThat(references).isNotEmpty();
        assertThat(references)
                .allMatch(reference -> description.at(reference.substring(1)).isObject());
    }

    @Test
    void every_operation_is_described_and_nothing_else() {
        Set<String> described = new TreeSet<>();
        description
                .get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(
                                method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));

        assertThat(described)
                .isEqualTo(new AdminApi(new FakeBackend(), new TaskApi(new FakeDesk(), null), null, null).operations());
    }

    @Test
    void every_operation_says_the_scope_that_it_asks_for() {
        description
                .get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    HttpMethod method = HttpMethod.valueOf(operation.getKey().toUpperCase(Locale.ROOT));
                    Scope scope = Access.scope(method, path.getKey());
                    List<String> said = new ArrayList<>();
                    operation
                            .getValue()
                            .get("security")
                            .findValues("token")
                            .forEach(list -> list.forEach(word -> said.add(word.asText())));
                    assertThat(said)
                            .as("%s %s", method, path.getKey())
                            .isEqualTo(scope == null ? List.of() : List.of(scope.label()));
                }));
    }

    @Test
    void headers_of_tasks_are_described() {
        List<String> names = new ArrayList<>();
        description.at("/paths/~1api~1tasks~1{task}/post/parameters").forEach(parameter -> {
            if (parameter.get("in").asText().equals("header")) {
                names.add(parameter.get("name").asText().toLowerCase(Locale.ROOT));
            }
        });
        assertThat(names).containsExactlyInAnyOrderElementsOf(TaskHeaders.ALL);
    }
}
