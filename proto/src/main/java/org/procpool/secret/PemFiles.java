package org.procpool.secret;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;

/** TLS from PEM files, as every other program takes them. All failures are sentences for people. */
public final class PemFiles {

    private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String KEY_END = "-----END PRIVATE KEY-----";
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private PemFiles() {}

    /**
     * Who we are.
     *
     * @param certificateFile our certificate, and behind it those that lead to an authority
     * @param keyFile its private key, as unencrypted PKCS#8, closed to other users
     * @throws IOException if a file is not what it should be, or they do not belong together
     */
    public static KeyManagerFactory identity(Path certificateFile, Path keyFile) throws IOException {
        Certificate[] chain = certificates(certificateFile, "certificate").toArray(new Certificate[0]);
        PrivateKey key = privateKey(keyFile);
        try {
            if (!belongTogether(chain[0].getPublicKey(), key)) {
                throw new IOException(
                        "the key " + keyFile + " does not belong to the first certificate in " + certificateFile);
            }
            KeyStore store = emptyStore();
            store.setKeyEntry("own", key, new char[0], chain);
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, new char[0]);
            return factory;
        } catch (GeneralSecurityException e) {
            throw new IOException("the key " + keyFile + " cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Whom we believe.
     *
     * @param authorities certificates of those who may vouch for others
     */
    public static TrustManagerFactory trust(Path authorities) throws IOException {
        try {
            KeyStore store = emptyStore();
            int count = 0;
            for (Certificate certificate : certificates(authorities, "file of authorities")) {
                store.setCertificateEntry("authority-" + count++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory;
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificates in " + authorities + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file, String what) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (found.isEmpty()) {
                throw new IOException("there is no certificate in " + file + "; it must be PEM");
            }
            return found;
        } catch (NoSuchFileException e) {
            throw new IOException("the " + what + " " + file + " is not there", e);
        } catch (GeneralSecurityException e) {
            throw new IOException("the " + what + " " + file + " is no PEM of certificates: " + e.getMessage(), e);
        }
    }

    private static PrivateKey privateKey(Path file) throws IOException {
        String text = SecretFile.text(file, "key", true);
        int begin = text.indexOf(KEY_BEGIN);
        int end = text.indexOf(KEY_END);
        if (begin < 0 || end < begin) {
            throw new IOException("the key " + file + " is not unencrypted PKCS#8 PEM; make that of it with: openssl"
                    + " pkcs8 -topk8 -nocrypt -in " + file);
        }
        byte[] encoded;
        try {
            encoded = Base64.getMimeDecoder()
                    .decode(text.substring(begin + KEY_BEGIN.length(), end).getBytes(StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new IOException("the key " + file + " is damaged");
        }
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException e) {
                // Of another algorithm, or of none.
                continue;
            } catch (GeneralSecurityException e) {
                throw new IOException("this Java cannot read keys: " + e.getMessage(), e);
            }
        }
        throw new IOException("the key " + file + " is damaged, or neither RSA, EC nor Ed25519");
    }

    private static boolean belongTogether(PublicKey certified, PrivateKey key) throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        byte[] sample = "procpool".getBytes(StandardCharsets.US_ASCII);
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(sample);
        byte[] signed = signature.sign();
        if (!certified.getAlgorithm().equals(key.getAlgorithm())) {
            return false;
        }
        signature.initVerify(certified);
        signature.update(sample);
        return signature.verify(signed);
    }
}
