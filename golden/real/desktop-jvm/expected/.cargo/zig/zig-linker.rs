// Written by scaffold (artifact zig-linker); change scaffold.yml, then run: scaffold regenerate
//
// Runs Zig as the compiler and linker of a Linux target: zig-linker cc|c++|ar <zig target> [arguments].
// Zig rejects some arguments that rustc, cc-rs and CMake pass; this program drops or translates them.
//
// Why not cargo-zigbuild, which knows more targets? It is a Cargo command (`cargo zigbuild`), so it cannot
// be the linker of a Cargo that Gradle or an IDE starts, and each machine would have to install it. This
// program needs what the project has anyway, rustc and Zig. The .sh and .bat files beside it build it once
// into build/, which Git ignores. It uses no crate and is the same on every host. Every rule was tried
// with Zig 0.13, 0.15 and 0.17.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::iter::Peekable;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::vec::IntoIter;

/// What this program was built from.
const SOURCE: &str = include_str!("zig-linker.rs");

/// Longer command lines go through a response file: cmd reads 8191 characters where Zig is a .cmd or .bat.
const LONGEST: usize = if cfg!(windows) { 7_000 } else { 100_000 };

/// Linker options that Zig rejects. None of them changes what the linked program does.
const DROPPED: &str = "allow-multiple-definition copy-dt-needed-entries cref fatal-warnings \
    fix-cortex-a53-835769 fix-cortex-a53-843419 gdb-index icf no-copy-dt-needed-entries \
    no-fatal-warnings no-keep-memory no-relax no-rosegment no-threads no-warnings \
    reduce-memory-overheads relax rosegment stats trace verbose warn-common";
/// The same, with a value after "=" or in the next word.
const DROPPED_WITH_VALUE: &str = "Map dynamic-list error-limit exclude-libs plugin plugin-opt";
/// The same, after -z.
const DROPPED_KEYWORDS: &str =
    "muldefs noseparate-code nostart-stop-gc pack-relative-relocs separate-code text";
/// Linker options whose value is after "=" or in the next word.
const LINKER_VALUES: &str = "I O T defsym dynamic-linker e entry export-dynamic-symbol fini h \
    hash-style image-base init m o require-defined rpath rpath-link script soname sort-section u \
    version-script wrap y";
/// Options of the compiler driver whose value is the next word.
const DRIVER_VALUES: &str = "--sysroot --target -D -I -L -MF -MQ -MT -T -U -Xassembler -Xclang \
    -Xpreprocessor -e -idirafter -imacros -include -iquote -isysroot -isystem -l -mllvm -o -target \
    -u -x -z";
/// Linker options that hold until their counterpart; the first of each pair is the default.
const SWITCHES: [[&str; 2]; 3] = [
    ["--no-as-needed", "--as-needed"],
    ["-Bdynamic", "-Bstatic"],
    ["--no-whole-archive", "--whole-archive"],
];
/// Extensions of aarch64 that GCC and Zig call differently.
const FEATURES: &[(&str, &str)] = &[
    ("fp", "fp_armv8"),
    ("fp16", "fullfp16"),
    ("memtag", "mte"),
    ("profile", "spe"),
    ("rng", "rand"),
    ("simd", "neon"),
];

const ENDINGS: &[&str] = if cfg!(windows) {
    &[".exe", ".cmd", ".bat", ""]
} else {
    &[""]
};
const HOW_TO_INSTALL: &str = "Install it (macOS: brew install zig; Windows: winget install -e --id \
    zig.zig, or choco install zig;\nany system: https://ziglang.org/download, or pip install ziglang \
    and ZIG=<its folder>/ziglang/zig),\nor set ZIG to the program.";

fn main() {
    let mut arguments = env::args_os().skip(1);
    let (tool, target) = match (
        arguments.next(),
        arguments.next().map(OsString::into_string),
    ) {
        (Some(tool), Some(Ok(target))) => (tool, target),
        _ => fail(2, "usage: zig-linker cc|c++|ar <zig target> [arguments]"),
    };
    if let Some(source) = changed_source() {
        let hint =
            "has changed since this program was built from it: delete the folder build there";
        fail(1, &format!("{} {hint}", source.display()));
    }
    let zig = find_zig(env::var_os("ZIG")).unwrap_or_else(|message| fail(127, &message));
    let mut command = vec![tool];
    if command[0] == "ar" {
        command.extend(arguments);
    } else {
        command.extend(for_zig(expand(arguments), &target));
    }
    match run(&zig, command) {
        Ok(status) => process::exit(status),
        Err(error) => fail(126, &format!("{}: {error}", zig.display())),
    }
}

fn fail(status: i32, message: &str) -> ! {
    eprintln!("zig-linker: {message}");
    process::exit(status)
}

fn changed_source() -> Option<PathBuf> {
    let program = env::current_exe().ok()?;
    let source = program.parent()?.parent()?.join("zig-linker.rs");
    let text = fs::read(&source).ok()?;
    (text != SOURCE.as_bytes()).then_some(source)
}

/// The program that $ZIG names, by path or by name, else `zig`; on PATH, else in its usual places.
fn find_zig(named: Option<OsString>) -> Result<PathBuf, String> {
    let named = named.map_or_else(String::new, |name| name.to_string_lossy().replace('"', ""));
    let name = if named.is_empty() { "zig" } else { &named };
    let path = env::var_os("PATH").unwrap_or_default();
    let mut candidates = env::split_paths(&path)
        .chain(usual_folders())
        .filter(|folder| folder.is_absolute())
        .flat_map(|folder| {
            ENDINGS
                .iter()
                .map(move |end| folder.join(format!("{name}{end}")))
        });
    candidates.find(|file| is_program(file)).ok_or_else(|| {
        let named = if named.is_empty() {
            named
        } else {
            format!("ZIG={named} is not a program, and ")
        };
        format!("{named}zig was not found on PATH or in its usual places.\n{HOW_TO_INSTALL}")
    })
}

fn usual_folders() -> Vec<PathBuf> {
    if !cfg!(windows) {
        let folders = [
            "/opt/homebrew/bin",
            "/usr/local/bin",
            "/home/linuxbrew/.linuxbrew/bin",
            "/snap/bin",
        ];
        return folders.iter().map(PathBuf::from).collect();
    }
    let below =
        |variable: &str, folder: &str| Some(PathBuf::from(env::var_os(variable)?).join(folder));
    let folders = [
        below("LOCALAPPDATA", r"Microsoft\WinGet\Links"),
        below("ProgramData", r"chocolatey\bin"),
        below("USERPROFILE", r"scoop\shims"),
    ];
    folders.into_iter().flatten().collect()
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    matches!(fs::metadata(path), Ok(file) if file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// Runs Zig and gives back its exit status.
fn run(zig: &Path, arguments: Vec<OsString>) -> io::Result<i32> {
    let long = arguments.iter().map(|word| word.len() + 3).sum::<usize>() > LONGEST;
    if !long {
        let mut command = Command::new(zig);
        command.args(arguments);
        return finish(command);
    }
    let folder = new_folder()?;
    let shortened = shorten(arguments, &folder);
    let status = shortened.and_then(|words| Command::new(zig).args(words).status());
    fs::remove_dir_all(&folder)?;
    Ok(status?.code().unwrap_or(1))
}

/// On Unix, Zig takes the place of this process, with its signals and its exit status.
#[cfg(unix)]
fn finish(mut command: Command) -> io::Result<i32> {
    Err(std::os::unix::process::CommandExt::exec(&mut command))
}

#[cfg(not(unix))]
fn finish(mut command: Command) -> io::Result<i32> {
    Ok(command.status()?.code().unwrap_or(1))
}

fn new_folder() -> io::Result<PathBuf> {
    for attempt in 0.. {
        let folder = env::temp_dir().join(format!("zig-linker-{}-{attempt}", process::id()));
        match fs::create_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|()| folder),
        }
    }
    unreachable!("a free name is found before the numbers end")
}

// Response files

/// The same arguments, those of @files in their place. Zig would read rustc's `\ ` as the end of a word.
fn expand(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut words = Vec::new();
    for word in arguments {
        let file = word.to_str().and_then(|text| text.strip_prefix('@'));
        match file.map(fs::read_to_string) {
            Some(Ok(text)) => words.extend(response_words(&text)),
            _ => words.push(word),
        }
    }
    words
}

/// GNU style: white space ends a word, a backslash keeps the next character, both quotes group. But rustc
/// writes an apostrophe in a path as it is, so that one counts as a quote only where a word begins.
fn response_words(text: &str) -> Vec<OsString> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if quote.is_none() && character.is_ascii_whitespace() {
            words.extend(word.take().map(OsString::from));
            continue;
        }
        let opens = quote.is_none() && (character == '"' || character == '\'' && word.is_none());
        let word = word.get_or_insert_with(String::new);
        match character {
            '\\' => word.extend(characters.next()),
            _ if opens => quote = Some(character),
            _ if quote == Some(character) => quote = None,
            _ => word.push(character),
        }
    }
    words.extend(word.map(OsString::from));
    words
}

/// Moves the arguments after the first, which is Zig's own command, to response files in a folder.
fn shorten(arguments: Vec<OsString>, folder: &Path) -> io::Result<Vec<OsString>> {
    let mut short = Vec::new();
    let mut lines = String::new();
    let mut arguments = arguments.into_iter();
    short.extend(arguments.next());
    for (number, word) in arguments.map(Some).chain([None]).enumerate() {
        let line = word.as_deref().and_then(zig_quoted);
        if let Some(line) = line {
            lines += &line;
            continue;
        }
        if !lines.is_empty() {
            let file = folder.join(format!("{number}.rsp"));
            fs::write(&file, &lines)?;
            lines.clear();
            let mut named = OsString::from("@");
            named.push(file);
            short.push(named);
        }
        short.extend(word);
    }
    Ok(short)
}

/// A line of a response file as Zig reads it: backslashes count only before a quote, and an apostrophe
/// opens and closes like one. A word with an apostrophe cannot be written, and stays on the command line.
fn zig_quoted(word: &OsStr) -> Option<String> {
    let word = word.to_str().filter(|text| !text.contains('\''))?;
    let mut line = String::from("\"");
    let mut backslashes = 0;
    for character in word.chars() {
        if character == '"' {
            line += &"\\".repeat(backslashes + 1);
        }
        backslashes = if character == '\\' {
            backslashes + 1
        } else {
            0
        };
        line.push(character);
    }
    line += &"\\".repeat(backslashes);
    line += "\"\n";
    Some(line)
}

// Arguments

enum Word {
    /// For the linker, from -Wl, or -Xlinker.
    Linker(String),
    /// For the compiler driver, with the next word where that is its value.
    Driver(String, Option<OsString>),
    /// A file to compile or link, or a word that is not Unicode.
    Input(OsString),
}

type Words = Peekable<IntoIter<Word>>;

/// What Zig is given for the arguments of a C compiler or linker.
fn for_zig(words: Vec<OsString>, target: &str) -> Vec<OsString> {
    let words = parse(words);
    let mut made = Translation {
        arch: target.split('-').next().unwrap_or(target),
        ..Translation::default()
    };
    made.folders = words.iter().filter_map(library_folder).collect();
    let mut words: Words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        match word {
            Word::Linker(word) => made.linker(&word, &mut words),
            Word::Driver(option, value) => made.driver(option, value),
            Word::Input(word) => made.input(word),
        }
    }
    made.finish(target)
}

fn parse(words: Vec<OsString>) -> Vec<Word> {
    let mut parsed = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let text = match word.into_string() {
            Ok(text) if text.len() > 1 && text.starts_with('-') => text,
            Ok(text) => {
                parsed.push(Word::Input(text.into()));
                continue;
            }
            Err(word) => {
                parsed.push(Word::Input(word));
                continue;
            }
        };
        if let Some(list) = text.strip_prefix("-Wl,") {
            parsed.extend(list.split(',').map(|word| Word::Linker(word.to_string())));
        } else if text == "-Xlinker" {
            parsed.extend(
                words
                    .next()
                    .and_then(|word| word.into_string().ok())
                    .map(Word::Linker),
            );
        } else {
            let value = if has(DRIVER_VALUES, &text) {
                words.next()
            } else {
                None
            };
            parsed.push(Word::Driver(text, value));
        }
    }
    parsed
}

fn has(names: &str, name: &str) -> bool {
    names.split(' ').any(|listed| listed == name)
}

fn library_folder(word: &Word) -> Option<PathBuf> {
    match word {
        Word::Driver(option, Some(value)) if option == "-L" => Some(value.into()),
        Word::Driver(option, None) => option.strip_prefix("-L").map(PathBuf::from),
        _ => None,
    }
}

fn next_linker(words: &mut Words) -> Option<String> {
    match words.next_if(|word| matches!(word, Word::Linker(_))) {
        Some(Word::Linker(word)) => Some(word),
        _ => None,
    }
}

#[derive(Default)]
struct Translation<'a> {
    arch: &'a str,
    folders: Vec<PathBuf>,
    switches: Switches,
    saved: Vec<Switches>,
    has_input: bool,
    compiles: bool,
    sanitizes: bool,
    words: Vec<OsString>,
}

/// Which word of each pair in SWITCHES holds.
type Switches = [usize; 3];

impl Translation<'_> {
    fn finish(self, target: &str) -> Vec<OsString> {
        // Zig passes --version and the like on to clang, which rejects a target with a glibc version.
        let plain = target.split('.').next().unwrap_or(target);
        let mut words: Vec<OsString> = vec!["-target".into()];
        words.push(if self.has_input { target } else { plain }.into());
        if self.compiles && !self.sanitizes {
            // Zig would make C code stop at undefined behaviour.
            words.push("-fno-sanitize=undefined".into());
        }
        words.extend(self.words);
        words
    }

    fn put(&mut self, word: impl Into<OsString>) {
        self.words.push(word.into());
    }

    fn put_linker(&mut self, word: &str) {
        if word.contains(',') {
            self.put("-Xlinker");
            self.put(word);
        } else {
            self.put(format!("-Wl,{word}"));
        }
    }

    fn input(&mut self, word: impl Into<OsString>) {
        self.has_input = true;
        self.put(word);
    }

    fn driver(&mut self, option: String, value: Option<OsString>) {
        let text = value.as_deref().and_then(OsStr::to_str).unwrap_or("");
        match option.split_once('=').unwrap_or((&option, text)) {
            ("--target" | "-target", _) => {}
            // Zig takes -mtune for -mcpu, which would change the instruction set.
            ("-mtune", _) => {}
            ("-march" | "-mcpu", name) => self.processor(&option, name),
            ("-l", file) if file.starts_with(':') => self.library(&format!("-l{file}")),
            (file, _) if file.starts_with("-l:") => self.library(&option),
            ("-u", symbol) => self.put(format!("-u{symbol}")),
            ("-z", keyword) if has(DROPPED_KEYWORDS, keyword) => {}
            (keyword, _) if keyword.starts_with("-z") && has(DROPPED_KEYWORDS, &keyword[2..]) => {}
            (list, _) if list.starts_with("-Wp,") => self.preprocessor(&option),
            (name, _) => {
                self.compiles |= name == "-c";
                self.sanitizes |=
                    name.starts_with("-fsanitize") || name.starts_with("-fno-sanitize");
                self.put(option);
                self.words.extend(value);
            }
        }
    }

    fn linker(&mut self, word: &str, rest: &mut Words) {
        let (option, value) = match word.split_once('=') {
            Some((option, value)) => (option, Some(value.to_string())),
            None => (word, None),
        };
        let name = option
            .strip_prefix("--")
            .or_else(|| option.strip_prefix('-'));
        let name = match name {
            Some(name) => name,
            // rustc passes archives between --whole-archive and --no-whole-archive in this way.
            None if word.is_empty() => return,
            None => return self.input(word),
        };
        if !option.starts_with("--") {
            if let Some(keyword) = option.strip_prefix("-z") {
                let next = if keyword.is_empty() {
                    next_linker(rest)
                } else {
                    None
                };
                return self.keyword(next.as_deref().unwrap_or(&word[2..]));
            }
            if option == "-l" || option == "-L" {
                let next = next_linker(rest).unwrap_or_default();
                return self.library(&format!("{word}{next}"));
            }
            if option.starts_with("-l") || option.starts_with("-L") {
                return self.library(word);
            }
        }
        match name {
            "push-state" => self.saved.push(self.switches),
            "pop-state" => self.pop_switches(),
            "threads" => {
                let count =
                    |word: &Word| matches!(word, Word::Linker(word) if word.parse::<u32>().is_ok());
                rest.next_if(|word| value.is_none() && count(word));
            }
            "undefined" => {
                self.put_linker("-u");
                self.put_linker(&value.or_else(|| next_linker(rest)).unwrap_or_default());
            }
            _ if has(DROPPED, name) => {}
            _ if has(DROPPED_WITH_VALUE, name) => drop(value.or_else(|| next_linker(rest))),
            _ if has(LINKER_VALUES, name) => {
                self.put_linker(option);
                if let Some(value) = value.or_else(|| next_linker(rest)) {
                    self.put_linker(&value);
                }
            }
            _ => {
                self.put_linker(word);
                self.switch(name);
            }
        }
    }

    fn keyword(&mut self, keyword: &str) {
        if !has(DROPPED_KEYWORDS, keyword) {
            self.put_linker("-z");
            self.put_linker(keyword);
        }
    }

    fn switch(&mut self, name: &str) {
        for (now, words) in self.switches.iter_mut().zip(SWITCHES) {
            let found = words
                .iter()
                .position(|word| word.trim_start_matches('-') == name);
            *now = found.unwrap_or(*now);
        }
    }

    /// What --pop-state would restore, in words that Zig knows.
    fn pop_switches(&mut self) {
        if let Some(saved) = self.saved.pop() {
            for (index, words) in SWITCHES.iter().enumerate() {
                if self.switches[index] != saved[index] {
                    self.put_linker(words[saved[index]]);
                }
            }
            self.switches = saved;
        }
    }

    /// -l:file names a file in one of the -L folders; not every Zig looks for it.
    fn library(&mut self, option: &str) {
        let file = option.strip_prefix("-l:").and_then(|name| {
            let mut files = self.folders.iter().map(|folder| folder.join(name));
            files.find(|file| file.is_file())
        });
        match file {
            Some(file) => self.input(file),
            None => self.put(option),
        }
    }

    /// GCC's names of processors and their extensions, as Zig spells them.
    fn processor(&mut self, option: &str, value: &str) {
        if self.arch != "aarch64" {
            let name = &option[..option.len() - value.len()];
            return self.put(format!("{name}{}", value.replace('-', "_")));
        }
        let mut parts = value.split('+');
        let base = parts.next().unwrap_or(value);
        if !base.contains('-') && !base.starts_with("armv") {
            return self.put(option);
        }
        let mut made = String::from("-mcpu=generic");
        match base
            .strip_prefix("armv")
            .and_then(|version| version.strip_suffix("-a"))
        {
            Some("8") | None => {}
            Some(version) => made += &format!("+v{}a", version.replace('.', "_")),
        }
        for part in parts {
            let (sign, name) = part
                .strip_prefix("no")
                .map_or(('+', part), |name| ('-', name));
            let known = FEATURES.iter().find(|(gcc, _)| *gcc == name);
            made.push(sign);
            made += &known.map_or(name, |(_, zig)| zig).replace('-', "_");
        }
        self.put(made);
    }

    /// What -Wp, carries, in the driver's own options: dependency files and macros.
    fn preprocessor(&mut self, option: &str) {
        let mut words = option.split(',').skip(1);
        while let Some(word) = words.next() {
            match word {
                "-MD" | "-MMD" => {
                    self.put(word);
                    self.put("-MF");
                    self.words.extend(words.next().map(OsString::from));
                }
                "-MF" | "-MQ" | "-MT" => {
                    self.put(word);
                    self.words.extend(words.next().map(OsString::from));
                }
                _ if word.starts_with("-D") || word.starts_with("-U") => self.put(word),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(target: &str, arguments: &[&str]) -> Vec<OsString> {
        for_zig(arguments.iter().map(OsString::from).collect(), target)
    }

    /// Both columns are words with a space between; `arch` may be empty for any.
    fn check(arch: &str, rows: &[(&str, &str)]) {
        for (given, wanted) in rows {
            let target = format!("{arch}-linux-gnu.2.17");
            let given: Vec<&str> = given.split(' ').collect();
            let made = translated(&target, &[&given[..], &["a.o"]].concat());
            let wanted = format!("-target {target} {wanted} a.o").replace("  ", " ");
            let wanted: Vec<OsString> = wanted.split(' ').map(OsString::from).collect();
            assert_eq!(made, wanted, "{given:?}");
        }
    }

    #[test]
    fn drops_what_zig_rejects() {
        let dropped = [
            "-Wl,--fix-cortex-a53-843419",
            "-Xlinker --fix-cortex-a53-843419",
            "--target=aarch64-unknown-linux-gnu",
            "-target x86_64-unknown-linux-gnu",
            "-Wl,--dynamic-list=/x",
            "-Wl,--dynamic-list,/x",
            "-Xlinker --dynamic-list -Xlinker /x",
            "-Wl,-znostart-stop-gc",
            "-Wl,-z,nostart-stop-gc",
            "-Xlinker -z -Xlinker nostart-stop-gc",
            "-z nostart-stop-gc",
            "-znostart-stop-gc",
            "-Wl,-plugin-opt=O3 -Wl,-plugin-opt=-mcpu=x -Wl,--plugin-opt,O2",
            "-Wl,--icf=all -Wl,--exclude-libs,ALL -Wl,--exclude-libs=libz.a",
            "-Wl,-Map=/x -Wl,-Map,/x -Wl,--Map=/x",
            "-Wl,--threads=4 -Wl,--threads -Wl,--no-threads -Wl,--threads,4",
            "-Wl,--error-limit=0 -Wl,--no-rosegment,--allow-multiple-definition",
            "-mtune=cortex-a53",
            "-Wp,-w",
        ];
        check("aarch64", &dropped.map(|given| (given, "")));
        check("x86_64", &dropped.map(|given| (given, "")));
    }

    #[test]
    fn keeps_what_zig_knows() {
        let kept = [
            "-lgcc_s -Wl,--no-undefined-version -fuse-ld=lld -B/x/gcc-ld",
            "-Wl,--as-needed -Wl,-Bstatic /x/libstd.rlib -Wl,-Bdynamic -Wl,--eh-frame-hdr",
            "-o --target=x -D -Wl,--icf=all -I -march=armv8-a -x c -",
            "-Wl,-rpath -Wl,--icf",
            "-mcpu=generic+crc",
        ];
        check("aarch64", &kept.map(|given| (given, given)));
    }

    #[test]
    fn translates_linker_options() {
        let rows = [
            ("-Wl,--as-needed,--icf=all,-O1", "-Wl,--as-needed -Wl,-O1"),
            ("-Wl,--threads,--gc-sections", "-Wl,--gc-sections"),
            ("-Wl,--undefined=main", "-Wl,-u -Wl,main"),
            ("-u main", "-umain"),
            ("-Wl,-znow,-zrelro", "-Wl,-z -Wl,now -Wl,-z -Wl,relro"),
            ("-Xlinker -soname=a,b", "-Wl,-soname -Xlinker a,b"),
            ("-Wl,--whole-archive,/x/a.a", "-Wl,--whole-archive /x/a.a"),
            ("-Wl,--push-state -lz -Wl,--pop-state", "-lz"),
            (
                "-Wl,--push-state,-Bstatic -lz -Wl,--pop-state",
                "-Wl,-Bstatic -lz -Wl,-Bdynamic",
            ),
            (
                "-Wl,-Bstatic,--push-state,-Bdynamic -Xlinker --pop-state",
                "-Wl,-Bstatic -Wl,-Bdynamic -Wl,-Bstatic",
            ),
            ("-Wp,-DA=1,-UB", "-DA=1 -UB"),
            ("-Wp,-MMD,x.d,-MT,x", "-MMD -MF x.d -MT x"),
        ];
        check("x86_64", &rows);
    }

    #[test]
    fn translates_processors() {
        let rows = [
            ("-march=armv8-a", "-mcpu=generic"),
            (
                "-march=armv8.2-a+fp16+nocrypto",
                "-mcpu=generic+v8_2a+fullfp16-crypto",
            ),
            ("-march=armv9-a", "-mcpu=generic+v9a"),
            ("-mcpu=cortex-a53+simd", "-mcpu=generic+neon"),
            ("-mcpu=apple_m1", "-mcpu=apple_m1"),
        ];
        check("aarch64", &rows);
        check("x86_64", &[("-march=x86-64-v3", "-march=x86_64_v3")]);
    }

    #[test]
    fn gives_probes_the_plain_target() {
        for probe in [
            &["-?"],
            &["--version"],
            &["-v"],
            &["-###"],
            &["-dumpmachine"],
        ] {
            assert_eq!(
                translated("x86_64-linux-gnu.2.17", probe)[1],
                "x86_64-linux-gnu"
            );
        }
        let probe = ["-E", "-x", "c", "-o", "out"];
        assert_eq!(
            translated("x86_64-linux-gnu.2.17", &probe)[1],
            "x86_64-linux-gnu"
        );
        for input in ["-", "a.c", "@missing", "-Wl,a.o"] {
            assert_eq!(
                translated("x86_64-linux-gnu.2.17", &["-v", input])[1],
                "x86_64-linux-gnu.2.17"
            );
        }
    }

    #[test]
    fn compiles_c_without_the_sanitizer() {
        let made = translated("x86_64-linux-gnu", &["-c", "a.c"]);
        assert_eq!(made[2..], ["-fno-sanitize=undefined", "-c", "a.c"]);
        let own = ["-c", "a.c", "-fsanitize=undefined"];
        assert_eq!(translated("x86_64-linux-gnu", &own)[2..], own);
    }

    #[test]
    fn finds_a_library_by_file_name() {
        let folder = new_folder().unwrap();
        let file = folder.join("libz.a");
        fs::write(&file, "").unwrap();
        let place = format!("-L{}", folder.display());
        for spelling in [
            &["-l:libz.a"][..],
            &["-l", ":libz.a"],
            &["-Wl,-l:libz.a"],
            &["-Wl,-l,:libz.a"],
        ] {
            let made = translated(
                "x86_64-linux-gnu",
                &[spelling, &[&place, "-l:none.a"]].concat(),
            );
            assert_eq!(
                made[2..],
                [
                    file.as_os_str(),
                    OsStr::new(&place),
                    OsStr::new("-l:none.a")
                ]
            );
        }
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn reads_response_files_of_rustc_and_gnu() {
        let text = "a\\ b\\\\c\r\n\"d 'e\"\t'f \"g'\n\n\"\" h'i \"j\\\"\n\" -Dx=\\\"y\\\"";
        let words = ["a b\\c", "d 'e", "f \"g", "", "h'i", "j\"\n", "-Dx=\"y\""];
        assert_eq!(response_words(text), words);
    }

    #[test]
    fn writes_response_files_as_zig_reads_them() {
        let folder = new_folder().unwrap();
        let words = ["cc", "a b", "o'neill", "c\\\"d\\", ""].map(OsString::from);
        let short = shorten(words.to_vec(), &folder).unwrap();
        assert_eq!(
            (short.len(), &short[0], &short[2]),
            (4, &words[0], &words[2])
        );
        let read = |file: &OsStr| fs::read_to_string(&file.to_str().unwrap()[1..]).unwrap();
        assert_eq!(read(&short[1]), "\"a b\"\n");
        assert_eq!(read(&short[3]), "\"c\\\\\\\"d\\\\\"\n\"\"\n");
        fs::remove_dir_all(folder).unwrap();
    }
}
