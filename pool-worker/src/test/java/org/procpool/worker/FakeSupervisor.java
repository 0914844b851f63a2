package org.procpool.worker;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.procpool.fixture.TestHandlers;
import org.procpool.proto.EmptyFrame;
import org.procpool.proto.HelloFrame;
import org.procpool.proto.Payload;
import org.procpool.proto.TaskFrame;
import org.procpool.proto.WelcomeFrame;
import org.procpool.proto.Wire;
import org.procpool.proto.WorkerResultFrame;

/** The other end of a real worker process, one step at a time. Owned by the test's thread. */
final class FakeSupervisor implements AutoCloseable {

    static final String TOKEN = "00ff10";
    static final int PAYLOAD_BYTES_MAX = 40 << 20;

    private final Path directory;
    private final ServerSocketChannel server;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<String> jvmOptions = new ArrayList<>(List.of(
            "-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx256m", "-Xss512k"));
    private final List<WorkerLink> links = new ArrayList<>();
    private @Nullable Process process;
    private @Nullable WorkerLink data;
    private @Nullable WorkerLink control;

    FakeSupervisor(Path directory) throws IOException {
        this.directory = directory;
        Path socket = directory.resolve("s");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        settings.put("socket", socket.toString());
        settings.put("worker", "1");
        settings.put("generation", "1");
        settings.put("token", TOKEN);
        settings.put("scratch", directory.resolve("scratch").toString());
        settings.put("handlers", place(TestHandlers.class).toString());
        settings.put("providers", TestHandlers.class.getName());
    }

    /** Changes a setting; null leaves it out. */
    FakeSupervisor with(String key, @Nullable String value) {
        if (value == null) {
            settings.remove(key);
        } else {
            settings.put(key, value);
        }
        return this;
    }

    FakeSupervisor withJvmOption(String option) {
        jvmOptions.add(option);
        return this;
    }

    /** Starts the process and gives it its settings. */
    FakeSupervisor launch() throws IOException, ClassNotFoundException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.add("-cp");
        command.add(classPath());
        command.add(WorkerMain.class.getName());
        process = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("stdout").toFile())
                .redirectError(directory.resolve("stderr").toFile())
                .start();
        StringBuilder lines = new StringBuilder();
        settings.forEach(
                (key, value) -> lines.append(key).append('=').append(value).append('\n'));
        OutputStream stdin = process().getOutputStream();
        stdin.write(lines.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        stdin.flush();
        return this;
    }

    /** What a worker needs and no more. Jackson's jars come in through the codec, so they are found by name. */
    private static String classPath() throws ClassNotFoundException {
        List<String> entries = new ArrayList<>();
        entries.add(place(WorkerMain.class).toString());
        entries.add(place(Wire.class).toString());
        for (String name : List.of("databind.ObjectMapper", "core.JsonFactory", "annotation.JsonProperty")) {
            entries.add(place(Class.forName("com.fasterxml.jackson." + name)).toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    /** The jar or directory that a class came from. */
    static Path place(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Accepts both sockets and reads their Hellos; returns that of the data socket. */
    HelloFrame acceptBoth() throws IOException {
        // The worker connects the data socket first, but the control socket is the first to speak.
        data = accept();
        control = accept();
        HelloFrame controlHello = (HelloFrame) control().read();
        HelloFrame dataHello = (HelloFrame) data().read();
        if (controlHello.role() != HelloFrame.Role.CONTROL || dataHello.role() != HelloFrame.Role.DATA) {
            throw new IOException("the sockets introduced themselves as " + controlHello + " and " + dataHello);
        }
        return dataHello;
    }

    private WorkerLink accept() throws IOException {
        WorkerLink link = new WorkerLink(server.accept());
        links.add(link);
        return link;
    }

    /** Everything up to Ready. */
    FakeSupervisor boot() throws IOException, ClassNotFoundException {
        launch();
        acceptBoth();
        data().send(new WelcomeFrame(Wire.PROTOCOL_VERSION, PAYLOAD_BYTES_MAX));
        if (data().read() != EmptyFrame.READY) {
            throw new IOException("the worker did not get ready: " + stderr());
        }
        return this;
    }

    WorkerResultFrame run(long dispatch, String name, Payload payload) throws IOException {
        data().send(task(dispatch, name, payload));
        WorkerResultFrame result = data().readResult();
        if (result.dispatch() != dispatch) {
            throw new IOException("dispatch " + dispatch + " was answered by " + result);
        }
        return result;
    }

    static TaskFrame task(long dispatch, String name, Payload payload) {
        return new TaskFrame(dispatch, 1_000 + dispatch, 1, name, 0, payload);
    }

    Process process() {
        if (process == null) {
            throw new IllegalStateException("not launched");
        }
        return process;
    }

    WorkerLink data() {
        if (data == null) {
            throw new IllegalStateException("no data socket");
        }
        return data;
    }

    WorkerLink control() {
        if (control == null) {
            throw new IllegalStateException("no control socket");
        }
        return control;
    }

    /** Waits for the end of the process. */
    int exitCode() throws InterruptedException {
        if (!process().waitFor(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the worker did not end: " + stderr());
        }
        return process().exitValue();
    }

    String stderr() {
        try {
            return Files.readString(directory.resolve("stderr"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
        }
        for (WorkerLink link : links) {
            link.close();
        }
        server.close();
    }
}
