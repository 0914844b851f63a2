package org.procpool.system;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.procpool.client.ClientAccess;
import org.procpool.server.security.SecurityOptions;

/** An authority of a test's own, and files of those it vouches for, in the test's directory. */
final class Certificates {

    private final X509Bundle authority;
    private final Path file;

    private Certificates(X509Bundle authority, Path file) {
        this.authority = authority;
        this.file = file;
    }

    /** A certificate and its key. */
    record Identity(Path certificate, Path key) {}

    static Certificates authority(String name) throws Exception {
        X509Bundle authority = new CertificateBuilder()
                .subject("CN=" + name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        return new Certificates(authority, write(name + "-ca.pem", authority.getCertificatePEM()));
    }

    /** To believe in. */
    Path file() {
        return file;
    }

    /** Of this machine under its address; the files are replaced if they are there. */
    Identity service() throws Exception {
        return issue("service", new CertificateBuilder().subject("CN=service").addSanIpAddress("127.0.0.1"));
    }

    Identity client() throws Exception {
        return issue("client", new CertificateBuilder().subject("CN=client"));
    }

    Identity ofAnotherHost() throws Exception {
        return issue("other", new CertificateBuilder().subject("CN=other").addSanDnsName("other.example"));
    }

    private Identity issue(String name, CertificateBuilder builder) throws Exception {
        X509Bundle bundle = builder.buildIssuedBy(authority);
        return new Identity(
                write(name + ".pem", bundle.getCertificatePathPEM()), write(name + ".key", bundle.getPrivateKeyPEM()));
    }

    /** A file of the test that only its user may read, there all at once. */
    static Path write(String name, String text) throws IOException {
        Path file = LeakCheck.workDirectory().resolve(name);
        Path fresh = file.resolveSibling(name + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, text);
        return Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static SecurityOptions serving(Identity identity) {
        return SecurityOptions.defaults()
                .withCertificate(identity.certificate())
                .withKey(identity.key());
    }

    /** Of a client that believes in this authority. */
    ClientAccess access() {
        return ClientAccess.tls(file);
    }
}
