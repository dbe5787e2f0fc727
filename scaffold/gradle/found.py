"""What a Gradle module's build does, as one value."""

from typing import Literal, NamedTuple

RustBuild = Literal["gobley", "cargo-ndk", "rust-android-gradle", "none"]
AndroidDsl = Literal["extension", "multiplatform-library", "none"]
# What names ABIs: AGP's filters, AGP's splits, rust-android-gradle's `targets`, cargo ndk's `-t`.
AbiSource = Literal["abiFilters", "splits", "targets", "cargo-ndk"]


class Span(NamedTuple):
    """Where a literal's value stands: a file from the root, and offsets in its text (LF, no byte-order mark)."""

    path: str
    start: int
    end: int


class Setting(NamedTuple):
    """Something the user's files say: `value` where it could be read, `text` as it stands there, `place` file:line.

    `literal` is where the value itself is written down as plain text; None where it is put together.
    """

    value: str | None
    text: str
    place: str
    literal: Span | None = None


class Plugin(NamedTuple):
    """A plugin that works in the module. `version` is None where no line of the build says one.

    `place` is the line that applies it: in the module's own script, a convention plugin's, or a block
    of the root script for all modules.
    """

    id: str
    version: Setting | None
    place: str


class Abis(NamedTuple):
    """The ABIs that something names; not `complete` where an expression adds to them.

    `literal` is from the first of them to the last, where one statement lists them all.
    """

    names: tuple[str, ...]
    place: str
    by: AbiSource
    complete: bool = True
    literal: Span | None = None


class CargoNdkTask(NamedTuple):
    """The user's own `cargo ndk` command, at `place`.

    output         cargo-ndk itself puts the libraries into a jniLibs folder
    target_folder  it says where Cargo's target folder is
    alone          it stands in an Exec task's block, where a line `environment(…)` can join it
    """

    place: str
    groovy: bool = False
    abis: Abis | None = None
    output: bool = True
    target_folder: bool = False
    alone: bool = True


class Module(NamedTuple):
    """A Gradle module's build. Paths are from the project's root, places are `file:line`, "" where there is none.

    path, folder, build  its build file, its folder, the folder of its Gradle build (with the settings)
    unread               why its build file could not be read
    kotlin               the Kotlin plugin (the `plugin` answer); None where none is seen
    android, android_dsl has an Android target; what configures it
    agp_new_dsl, agp_built_in_kotlin  `android.newDsl`, `android.builtInKotlin` of gradle.properties
    ndk                  what sets its NDK outside of our block; `ours_ndk`: our block, where somebody edited it
    cargo_ndk            the user's own `cargo ndk` command
    ours_cargo_ndk       the line of our block that runs cargo ndk
    gobley_uses          what of its scripts needs Gobley's plugins beside the lines that apply them
    own_rust             where nothing known builds Rust, the line that runs Cargo in a way of its own
    own_bindgen          the line of the user's that runs uniffi-bindgen
    catalogue_ndk        a version called after the NDK in a catalogue, used or not
    abi_filters, abis    AGP's filters; what names the ABIs that are built, whatever it is
    crate, crate_place   folder of the crate that it builds, and the line that says so; None where nothing does
    crate_package        the package that `cargo ndk -p` names, in the workspace of that folder
    jvm_source_set       the main source set of its JVM target; None without one
    ios, native          the first line with an iOS target, with any Kotlin/Native target
    dynamic_cpp          Gobley's `dynamicLibraries` with c++_shared
    packaged_cpp         what else packages libc++_shared.so: a task, jniLibs, ANDROID_STL
    page_flags           linker flags for 16 KB pages in its scripts
    rust_build           who builds the Rust library for it, and the line that says so
    """

    path: str
    folder: str = "."
    build: str = "."
    groovy: bool = False
    unread: str = ""
    plugins: tuple[Plugin, ...] = ()
    kotlin: str | None = None
    android: bool = True
    android_dsl: AndroidDsl = "extension"
    agp: Setting | None = None
    agp_new_dsl: Setting | None = None
    agp_built_in_kotlin: Setting | None = None
    gobley: Setting | None = None
    imports: frozenset[str] = frozenset()
    ndk: Setting | None = None
    ours_ndk: Setting | None = None
    cargo_ndk: CargoNdkTask | None = None
    ours_cargo_ndk: str = ""
    own_bindgen: str = ""
    own_rust: str = ""
    gobley_uses: tuple[str, ...] = ()
    catalogue_ndk: Setting | None = None
    ndk_path: Setting | None = None
    abi_filters: Abis | None = None
    abis: Abis | None = None
    jna: tuple[Setting, ...] = ()
    crate: str | None = None
    crate_place: str = ""
    crate_package: str = ""
    package_directory: Setting | None = None
    jvm_source_set: str | None = "jvmMain"
    ios: str = ""
    native: str = ""
    ios_deployment_target: Setting | None = None
    embed_rust_library: Setting | None = None
    dynamic_cpp: Setting | None = None
    packaged_cpp: Setting | None = None
    page_flags: Setting | None = None
    rust_build: RustBuild = "none"
    rust_place: str = ""

    def has(self, *ids: str) -> bool:
        """Whether one of these plugins works in the module."""
        return any(plugin.id in ids for plugin in self.plugins)

    def place_of(self, *ids: str) -> str:
        """The line that applies the first of `ids` that works here; the build file where none does."""
        places = {plugin.id: plugin.place for plugin in reversed(self.plugins)}
        return next((places[id_] for id_ in ids if id_ in places), self.path)

    @property
    def agp_is_new(self) -> bool:
        """AGP 9 or newer."""
        number = (self.agp.value or "").partition(".")[0] if self.agp else ""
        return self.android and number.isdigit() and int(number) >= 9

    @property
    def takes_tasks(self) -> bool:
        """Whether AGP's components take a task of scaffold's; those of its multiplatform plugin are AGP 9's."""
        shared = self.android_dsl == "multiplatform-library" and not self.groovy
        return (shared and self.agp_is_new) or self.android_dsl == "extension"

    @property
    def uniffi(self) -> bool:
        """Whether Gobley's UniFFI plugin works here, which brings JNA."""
        return self.has("dev.gobley.uniffi")
