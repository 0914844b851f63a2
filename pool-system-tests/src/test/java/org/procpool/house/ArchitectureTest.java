package org.procpool.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.nio.file.Files;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.procpool.house.House.Module;

/** The arrows of docs/architecture.md, and what is not allowed anywhere. */
class ArchitectureTest {

    private static final JavaClasses MAIN = House.mainClasses();

    /** Whom a module may know besides itself. */
    private static Set<Module> known(Module module) {
        return switch (module) {
            case PROTO -> Set.of();
            case WORKER, CORE, CLIENT -> Set.of(Module.PROTO);
            case SERVER -> Set.of(Module.CORE, Module.PROTO);
            case SAMPLES -> Set.of(Module.WORKER, Module.CORE, Module.CLIENT, Module.PROTO);
            case BENCH -> Set.of(Module.CLIENT, Module.CORE, Module.PROTO);
            case CLI -> Set.of(Module.values());
        };
    }

    // ---- modules

    @ParameterizedTest
    @EnumSource
    void module_is_compiled_and_its_classes_are_in_its_own_packages(Module module) {
        JavaClasses own = module.mainClasses();
        if (Files.isDirectory(House.ROOT.resolve(module.directory).resolve("src/main/java"))) {
            assertThat(own).isNotEmpty();
        }
        assertThat(own)
                .allSatisfy(type -> assertThat(module.owns(type.getPackageName()))
                        .as("%s may be in module %s", type.getName(), module.directory)
                        .isTrue());
    }

    @ParameterizedTest
    @EnumSource
    void module_knows_only_the_modules_that_its_arrows_lead_to(Module module) {
        Set<Module> known = known(module);
        noClasses()
                .that(describe("are in module " + module.directory, type -> module.owns(type.getPackageName())))
                .should()
                .dependOnClassesThat(describe(
                        "are in a module other than " + known,
                        type -> Stream.of(Module.values())
                                .filter(other -> other != module && !known.contains(other))
                                .anyMatch(other -> other.owns(type.getPackageName()))))
                .allowEmptyShould(true)
                .check(MAIN);
    }

    @Test
    void no_packages_depend_on_each_other_in_a_circle() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return SliceIdentifier.of(type.getPackageName());
                    }

                    @Override
                    public String getDescription() {
                        return "packages";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(MAIN);
    }

    @Test
    void worker_and_protocol_carry_no_library_but_the_json_codec() {
        classes()
                .that(resideInAnyPackage("org.procpool.worker..", "org.procpool.proto", "org.procpool.recorder"))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        "org.procpool.worker..",
                        "org.procpool.proto",
                        "org.procpool.recorder",
                        "org.procpool.codec"))
                .check(MAIN);
    }

    @Test
    void generated_protobuf_classes_are_not_used() {
        noClasses()
                .that(not(resideInAPackage("org.procpool.proto.pb..")))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.procpool.proto.pb..", "com.google.protobuf..")
                .check(MAIN);
    }

    // ---- rooms of pool-core

    @Test
    void task_values_know_only_the_protocol() {
        classes()
                .that(resideInAPackage("org.procpool.task"))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "org.procpool.task",
                        "org.procpool.proto",
                        "org.jspecify..",
                        "java.lang..",
                        "java.time",
                        "java.util",
                        "java.util.concurrent",
                        "java.util.function",
                        "java.util.stream"))
                .check(MAIN);
    }

    @Test
    void conductor_knows_only_values_and_plain_collections() {
        classes()
                .that(resideInAPackage("org.procpool.conductor"))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "org.procpool.conductor",
                        "org.procpool.task",
                        "org.procpool.proto",
                        "org.jspecify..",
                        "java.lang",
                        "java.lang.invoke",
                        "java.lang.runtime",
                        "java.util",
                        "java.util.function",
                        "java.util.random",
                        "java.util.stream"))
                .check(MAIN);
    }

    @Test
    void conductor_has_no_clock_no_thread_and_no_order_by_hash() {
        noClasses()
                .that(resideInAPackage("org.procpool.conductor"))
                .should()
                .dependOnClassesThat(nameIn(
                        "java.lang.Thread",
                        "java.lang.System",
                        "java.lang.Runtime",
                        "java.lang.Process",
                        "java.lang.ProcessBuilder",
                        "java.lang.ProcessHandle",
                        "java.util.HashMap",
                        "java.util.HashSet",
                        "java.util.IdentityHashMap",
                        "java.util.WeakHashMap",
                        "java.util.Random",
                        "java.util.UUID",
                        "java.util.Date",
                        "java.util.Timer"))
                .check(MAIN);
    }

    @Test
    void process_room_does_not_see_conductor_link_or_netty() {
        noClasses()
                .that(resideInAPackage("org.procpool.process"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.procpool", "org.procpool.conductor", "org.procpool.link", "io.netty..")
                .check(MAIN);
    }

    @Test
    void link_does_not_see_conductor_or_process_room() {
        noClasses()
                .that(resideInAPackage("org.procpool.link"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.procpool", "org.procpool.conductor", "org.procpool.process", "org.procpool.spool")
                .check(MAIN);
    }

    @Test
    void spool_does_not_see_conductor_link_or_process_room() {
        noClasses()
                .that(resideInAPackage("org.procpool.spool"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.procpool", "org.procpool.conductor", "org.procpool.link", "org.procpool.process")
                .check(MAIN);
    }

    @Test
    void gateway_and_admin_do_not_see_each_other_and_security_sees_neither() {
        noClasses()
                .that(resideInAPackage("org.procpool.server.gateway"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.procpool.server", "org.procpool.server.http")
                .check(MAIN);
        noClasses()
                .that(resideInAPackage("org.procpool.server.http"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.procpool.server", "org.procpool.server.gateway")
                .allowEmptyShould(true)
                .check(MAIN);
        noClasses()
                .that(resideInAPackage("org.procpool.server.security"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.procpool.server", "org.procpool.server.http", "org.procpool.server.gateway")
                .check(MAIN);
        noClasses()
                .that(resideInAPackage("org.procpool.server.desk"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.procpool.server", "org.procpool.server.http", "org.procpool.server.gateway")
                .check(MAIN);
    }

    // ---- habits

    @Test
    void wall_clock_is_not_read() {
        noClasses().should().callMethod(System.class, "currentTimeMillis").check(MAIN);
    }

    @Test
    void main_code_sleeps_only_in_the_sleep_sample_and_in_the_demo_that_watches_a_service() {
        noClasses()
                .that(not(nameIn("org.procpool.samples.Sleep", "org.procpool.cli.DemoBatch")))
                .should()
                .callMethodWhere(sleeps())
                .check(MAIN);
    }

    @Test
    void tests_wait_on_conditions_and_never_sleep_except_in_handlers_that_are_to_take_long() {
        noClasses()
                .that(not(describe("are handlers", type -> type.getSimpleName().endsWith("Handlers"))))
                .should()
                .callMethodWhere(sleeps())
                .check(House.testClasses());
    }

    private static DescribedPredicate<JavaMethodCall> sleeps() {
        return describe(
                "a thread is put to sleep",
                call -> call.getTarget().getName().equals("sleep")
                        && Set.of("java.lang.Thread", "java.util.concurrent.TimeUnit")
                                .contains(call.getTargetOwner().getName()));
    }

    @Test
    void only_programs_print_or_exit() {
        noClasses()
                .that(not(resideInAnyPackage(
                        "org.procpool.cli..", "org.procpool.worker", "org.procpool.samples", "org.procpool.bench..")))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(MAIN);
    }

    private static DescribedPredicate<JavaClass> nameIn(String... names) {
        Set<String> all = Set.of(names);
        return describe("are one of " + all, type -> all.contains(type.getName()));
    }
}
