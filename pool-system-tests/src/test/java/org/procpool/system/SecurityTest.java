package org.procpool.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.procpool.PoolException;
import org.procpool.client.ClientAccess;
import org.procpool.client.ClientException;
import org.procpool.client.PoolClient;
import org.procpool.proto.ErrorFrame;
import org.procpool.proto.Payload;
import org.procpool.server.PoolServer;
import org.procpool.server.security.SecurityOptions;
import org.procpool.system.Certificates.Identity;
import org.procpool.system.Cli.Ended;
import org.procpool.system.Cli.Service;

/** Who is let in, and who is not; whoever knocks, the service goes on for the others. */
@ExtendWith(LeakCheck.class)
class SecurityTest {

    private static final String SUBMIT = "submitsubmitsubmit";
    private static final String READ = "readreadreadreadread";
    private static final String ADMIN = "adminadminadminadmin";
    private static final String TABLE =
            "# who may do what\n\nci submit " + SUBMIT + "\nwatch read " + READ + "\nops  admin\t" + ADMIN + "\n";

    private static TestServer start(SecurityOptions security) {
        return TestServer.start(options -> options.withSecurity(security));
    }

    private static Path tokens(String table) throws IOException {
        return Certificates.write("tokens", table);
    }

    private static Path token(String token) throws IOException {
        return Certificates.write(token + ".token", token + "\n");
    }

    private static ClientAccess withToken(ClientAccess access, String token) throws IOException {
        return access.withTokenFile(token(token));
    }

    private static PoolClient.Builder client(String address, ClientAccess access) {
        return PoolClient.builder().address(address).access(access).reconnect(false);
    }

    private static PoolClient connect(String address, ClientAccess access) {
        return client(address, access).connect();
    }

    private static void assertServes(String address, ClientAccess access) throws Exception {
        try (PoolClient client = connect(address, access)) {
            // More than one record of TLS holds.
            Payload large = Payload.of("x".repeat(100_000));
            assertThat(Eventually.value(client.submit("echo", large)).payload()).isEqualTo(large);
        }
    }

    private static void assertRefused(String address, ClientAccess access, String code, String sentence) {
        assertRefused(client(address, access), code, sentence);
    }

    private static void assertRefused(PoolClient.Builder client, String code, String sentence) {
        ClientException refused = catchThrowableOfType(
                ClientException.class, () -> client.connect().close());
        assertThat(refused).hasMessageContaining(sentence);
        assertThat(refused.code()).isEqualTo(code);
    }

    // ---- who is let in

    @Test
    void every_address_may_be_listened_on_with_tls_and_tokens_and_each_token_is_good_for_its_scope() throws Exception {
        Certificates authority = Certificates.authority("home");
        InetSocketAddress everywhere = new InetSocketAddress("0.0.0.0", 0);
        SecurityOptions security = Certificates.serving(authority.service()).withTokens(tokens(TABLE));
        try (TestServer server = TestServer.start(
                options -> options.withSecurity(security).withListen(everywhere).withAdmin(everywhere))) {
            ClientAccess nobody = authority.access();
            assertServes(server.address(), withToken(nobody, SUBMIT));
            assertServes(server.address(), withToken(nobody, ADMIN));
            assertRefused(server.address(), nobody, "UNAUTHENTICATED", "asks for a token");
            assertRefused(
                    server.address(), withToken(nobody, "guessguessguessguess"), "UNAUTHENTICATED", "is not one of");
            assertRefused(server.address(), withToken(nobody, READ), "FORBIDDEN", "the token 'watch' is not for");

            Admin admin = new Admin(server, nobody);
            assertThat(admin.get("/healthz", "")).isEqualTo(200);
            assertThat(admin.get("/api/status", "")).isEqualTo(401);
            assertThat(admin.get("/api/status", "guessguessguessguess")).isEqualTo(401);
            assertThat(admin.get("/api/status", SUBMIT)).isEqualTo(403);
            assertThat(admin.get("/api/status", READ)).isEqualTo(200);
            assertThat(admin.post("/api/drain", "")).isEqualTo(401);
            assertThat(admin.post("/api/drain", READ)).isEqualTo(403);
            assertThat(admin.post("/api/drain", ADMIN)).isEqualTo(202);
        }
    }

    @Test
    void clients_must_show_a_certificate_of_the_authority_when_there_is_one_for_clients() throws Exception {
        Certificates authority = Certificates.authority("home");
        Certificates stranger = Certificates.authority("stranger");
        SecurityOptions security = Certificates.serving(authority.service()).withClientAuthority(authority.file());
        try (TestServer server = start(security)) {
            Identity own = authority.client();
            ClientAccess member = authority.access().withCertificate(own.certificate(), own.key());
            assertServes(server.address(), member);
            assertThat(new Admin(server, member).get("/api/status", "")).isEqualTo(200);
            assertRefused(server.address(), authority.access(), "UNREACHABLE", "there is no TLS with");
            Identity other = stranger.client();
            assertRefused(
                    server.address(),
                    authority.access().withCertificate(other.certificate(), other.key()),
                    "UNREACHABLE",
                    "there is no TLS with");
        }
    }

    @Test
    void service_is_not_believed_if_nobody_vouches_for_it_or_its_name_is_another() throws Exception {
        Certificates authority = Certificates.authority("home");
        try (TestServer server = start(Certificates.serving(authority.ofAnotherHost()))) {
            assertRefused(server.address(), authority.access(), "UNREACHABLE", "there is no TLS with");
            ClientAccess elsewhere = Certificates.authority("elsewhere").access();
            assertRefused(server.address(), elsewhere, "UNREACHABLE", "there is no TLS with");
        }
    }

    @Test
    void who_speaks_tls_or_not_where_the_other_does_not_is_told_and_harms_nobody() throws Exception {
        Certificates authority = Certificates.authority("home");
        try (TestServer server = start(Certificates.serving(authority.service()))) {
            assertRefused(server.address(), ClientAccess.NONE, "NOT_PROCPOOL", "does it perhaps want TLS?");
            try (RawClient garbage = server.silent()) {
                garbage.send(new byte[200]);
                assertThatThrownBy(garbage::next).isInstanceOf(IOException.class);
            }
            assertServes(server.address(), authority.access());
        }
        try (TestServer plain = TestServer.start()) {
            // Both wait for the other, until the client has waited long enough.
            PoolClient.Builder impatient =
                    client(plain.address(), authority.access()).connectTimeout(Duration.ofMillis(500));
            assertRefused(impatient, "UNREACHABLE", "does it speak TLS");
            plain.assertUnharmed();
        }
    }

    @Test
    void token_never_goes_to_another_machine_in_the_clear() throws Exception {
        ClientAccess access = withToken(ClientAccess.NONE, SUBMIT);
        assertRefused("192.0.2.1:7420", access, "ACCESS", "in the clear");
    }

    @Test
    void commands_speak_it_by_options_and_by_environment() throws Exception {
        Certificates authority = Certificates.authority("home");
        Identity own = authority.service();
        Identity client = authority.client();
        String[] words = Service.words(
                "--listen", "0.0.0.0:0",
                "--tls-cert", own.certificate().toString(),
                "--tls-key", own.key().toString(),
                "--tls-client-ca", authority.file().toString(),
                "--tokens", tokens(TABLE).toString());
        try (Service service = Service.of(Cli.start(Map.of(), words))) {
            String address = "127.0.0.1:" + service.address().replaceFirst(".*:", "");
            Map<String, String> environment = Map.of(
                    "PROCPOOL_SERVER", address,
                    "PROCPOOL_ADMIN", service.environment().get("PROCPOOL_ADMIN"),
                    "PROCPOOL_TLS_CA", authority.file().toString(),
                    "PROCPOOL_TLS_CERT", client.certificate().toString(),
                    "PROCPOOL_TLS_KEY", client.key().toString(),
                    "PROCPOOL_TOKEN_FILE", token(ADMIN).toString());
            assertThat(Cli.run(environment, "submit", "uppercase", "--text", "secret")
                            .output())
                    .isEqualTo("SECRET");
            Ended status = Cli.run(environment, "status");
            assertThat(status.exitCode()).as(status.errors()).isZero();
            Ended reader = Cli.run(
                    environment, "submit", "echo", "--token-file", token(READ).toString());
            assertThat(reader.exitCode()).isEqualTo(5);
            assertThat(reader.errors()).contains("the token 'watch' is not for submitting tasks");
            Ended plain = Cli.run(Map.of("PROCPOOL_ADMIN", service.environment().get("PROCPOOL_ADMIN")), "status");
            assertThat(plain.exitCode()).isEqualTo(6);
            assertThat(plain.errors()).contains("--tls-ca");
            assertThat(Cli.run(environment, "drain").exitCode()).isZero();
            assertThat(service.program.exitCode()).isZero();
        }
    }

    // ---- change while it runs

    @Test
    void withdrawn_token_ends_its_connections_and_a_new_one_is_taken_without_a_restart() throws Exception {
        try (TestServer server = start(SecurityOptions.defaults().withTokens(tokens(TABLE)))) {
            try (PoolClient ended = connect(server.address(), withToken(ClientAccess.NONE, SUBMIT));
                    PoolClient going = connect(server.address(), withToken(ClientAccess.NONE, ADMIN))) {
                tokens("new submit newnewnewnewnewnew\nops admin " + ADMIN);
                Eventually.until("the first is closed", () -> ended.ping().isCompletedExceptionally());
                assertThat(Eventually.value(going.ping())).isPositive();
            }
            assertRefused(server.address(), withToken(ClientAccess.NONE, SUBMIT), "UNAUTHENTICATED", "is not one of");
            assertServes(server.address(), withToken(ClientAccess.NONE, "newnewnewnewnewnew"));
        }
    }

    @Test
    void renewed_certificate_is_taken_and_a_broken_one_leaves_the_last() throws Exception {
        Certificates first = Certificates.authority("first");
        Certificates second = Certificates.authority("second");
        try (TestServer server = start(Certificates.serving(first.service()))) {
            assertServes(server.address(), first.access());
            second.service();
            server.server().reloadSecurity();
            assertServes(server.address(), second.access());
            assertRefused(server.address(), first.access(), "UNREACHABLE", "there is no TLS with");

            Certificates.write("service.key", "no key");
            assertThatThrownBy(server.server()::reloadSecurity).hasMessageContaining("is not unencrypted PKCS#8");
            assertServes(server.address(), second.access());
        }
    }

    // ---- limits

    @Test
    void connection_that_does_not_shake_hands_in_time_is_closed() throws Exception {
        SecurityOptions tls =
                Certificates.serving(Certificates.authority("home").service());
        long patience = TimeUnit.MILLISECONDS.toNanos(300);
        try (TestServer server =
                        TestServer.start(options -> options.withSecurity(tls).withHandshakeTimeoutNanos(patience));
                RawClient silent = server.silent()) {
            assertThatThrownBy(silent::next).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void one_address_has_only_as_many_connections_as_it_may() throws Exception {
        try (TestServer server = start(SecurityOptions.defaults().withConnectionsPerAddressMax(2));
                RawClient first = server.welcomed()) {
            try (RawClient second = server.welcomed();
                    RawClient third = server.silent()) {
                ErrorFrame error = third.next(ErrorFrame.class);
                assertThat(error.code()).isEqualTo("TOO_MANY_CONNECTIONS");
                assertThat(error.message()).contains("2 connections from your address");
                second.submit(1, "echo", "on");
                assertThat(second.result(1).payload().text()).isEqualTo("on");
            }
            Eventually.untilAsserted(
                    "there is room again", () -> server.welcomed().close());
            first.submit(1, "echo", "on");
            assertThat(first.result(1).payload().text()).isEqualTo("on");
        }
    }

    @Test
    void client_that_is_silent_with_nothing_unfinished_is_closed_and_one_that_waits_is_not() throws Exception {
        SecurityOptions security = SecurityOptions.defaults().withIdleTimeoutNanos(TimeUnit.SECONDS.toNanos(1));
        try (TestServer server = start(security);
                RawClient waiting = server.welcomed();
                RawClient idle = server.welcomed()) {
            waiting.submit(1, "sleep", "2500ms");
            assertThat(idle.next(ErrorFrame.class).code()).isEqualTo("IDLE_TIMEOUT");
            assertThat(waiting.result(1).outcome().name()).isEqualTo("SUCCEEDED");
        }
    }

    // ---- what cannot be

    private static void assertCannotStart(SecurityOptions security, String sentence) {
        assertThatThrownBy(() -> PoolServer.start(TestServer.options().withSecurity(security)))
                .isInstanceOfAny(PoolException.class, IllegalArgumentException.class)
                .hasMessageContaining(sentence)
                .hasMessageNotContaining(SUBMIT);
    }

    @Test
    void files_that_cannot_be_used_end_the_start_with_a_sentence() throws Exception {
        SecurityOptions none = SecurityOptions.defaults();
        Certificates authority = Certificates.authority("home");
        Identity own = authority.service();
        assertCannotStart(none.withCertificate(own.certificate()), "tls-cert and tls-key belong together");
        assertCannotStart(none.withClientAuthority(authority.file()), "tls-client-ca asks clients for certificates");
        Path missing = own.key().resolveSibling("missing");
        assertCannotStart(none.withTokens(missing), "missing is not there");
        assertCannotStart(Certificates.serving(own).withKey(missing), "missing is not there");
        assertCannotStart(Certificates.serving(own).withKey(own.certificate()), "is not unencrypted PKCS#8");
        assertCannotStart(Certificates.serving(own).withCertificate(own.key()), "is no PEM of certificates");
        assertCannotStart(Certificates.serving(own).withKey(authority.client().key()), "does not belong to the first");
        Files.setPosixFilePermissions(own.key(), PosixFilePermissions.fromString("rw-r--r--"));
        assertCannotStart(Certificates.serving(own), "is open to other users; run: chmod o=");
        assertCannotStart(none.withTokens(tokens("# nobody\n")), "there is no token in");
        assertCannotStart(none.withTokens(tokens("ci " + SUBMIT)), "line 1 of the tokens file");
        assertCannotStart(none.withTokens(tokens("ci " + SUBMIT + " submit")), "must be of submit, read and admin");
        assertCannotStart(none.withTokens(tokens("ci submit short")), "has 5 characters");
        assertCannotStart(none.withTokens(tokens("a read " + READ + "\na read " + SUBMIT)), "line 2");
        Path open = tokens(TABLE);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r-----"));
        assertCannotStart(none.withTokens(open), "is open to other users; run: chmod 600");
    }

    /** The admin HTTP, asked by a client with TLS. */
    private record Admin(URI base, ClientAccess access) {

        Admin(TestServer server, ClientAccess access) {
            this(
                    URI.create("https://127.0.0.1:"
                            + server.server().adminAddress().getPort()),
                    access);
        }

        int get(String path, String token) throws IOException {
            return status("GET", path, token);
        }

        int post(String path, String token) throws IOException {
            return status("POST", path, token);
        }

        private int status(String method, String path, String token) throws IOException {
            HttpsURLConnection connection =
                    (HttpsURLConnection) base.resolve(path).toURL().openConnection();
            connection.setSSLSocketFactory(access.context().getSocketFactory());
            connection.setRequestMethod(method);
            connection.setRequestProperty("Connection", "close");
            if (!token.isEmpty()) {
                connection.setRequestProperty("Authorization", "Bearer " + token);
            }
            int status = connection.getResponseCode();
            connection.disconnect();
            return status;
        }
    }
}
