# Written by scaffold (artifact zig-arguments); change scaffold.yml, then run: scaffold regenerate
#
# Rewrites the arguments of rustc, cc and CMake into ones that `zig cc` accepts: used by the .sh files in
# this folder. Operands: the architecture, a folder for rewritten response files (or an empty word), the
# arguments. Output: the new arguments as words for the shell. Each rule was tried with Zig 0.13 to 0.17.

function names(text, set,    i, n, name) {
    n = split(text, name, " ")
    for (i = 1; i <= n; i++) set[name[i]] = 1
}
function replaced(text, old, new,    i, out) {
    while ((i = index(text, old))) {
        out = out substr(text, 1, i - 1) new
        text = substr(text, i + length(old))
    }
    return out text
}

# Response files of GNU style: white space ends a word, a backslash takes the next character as it is,
# both quotes group. rustc writes a word a line, with a backslash before each space and backslash.
function readable(path,    line, status) {
    status = (getline line < path)
    close(path)
    return status >= 0
}
function read_words(path,    line, chunk, character, quote, word, begun) {
    while ((getline line < path) > 0) {
        sub(/\r$/, "", line)
        while (match(line, special)) {
            chunk = substr(line, 1, RSTART - 1)
            character = substr(line, RSTART, 1)
            line = substr(line, RSTART + 1)
            word = word chunk
            if (chunk != "") begun = 1
            if (character == "\\") {
                word = word substr(line, 1, 1)
                line = substr(line, 2)
                begun = 1
            } else if (character == quote) quote = ""
            else if (quote != "") word = word character
            else if (character == "\"" || character == apostrophe) {
                quote = character
                begun = 1
            } else {
                if (begun) add(word, 1)
                word = ""
                begun = 0
            }
        }
        word = word line
        if (quote != "") word = word "\n"
        else {
            if (begun || word != "") add(word, 1)
            word = ""
            begun = 0
        }
    }
    if (begun && quote != "") add(word, 1)
    close(path)
}
function add(word, from_file) {
    total++
    words[total] = word
    in_file[total] = from_file
}

# Zig reads a response file in its own way: quotes group, backslashes count only before a quote, and an
# apostrophe has no spelling at all: such a word stays on the command line, in its place.
function zig_quoted(word,    out) {
    while (match(word, /\\*"/)) {
        out = out substr(word, 1, RSTART + RLENGTH - 2) substr(word, RSTART, RLENGTH - 1) "\\\""
        word = substr(word, RSTART + RLENGTH)
    }
    out = out word
    if (match(word, /\\+$/)) out = out substr(word, RSTART)
    return "\"" out "\""
}
function say(word) {
    ORS = " "
    print apostrophe replaced(word, apostrophe, apostrophe "\\" apostrophe apostrophe) apostrophe
}
function emit(word) {
    if (!in_file[at] || index(word, apostrophe)) {
        if (part != "") close(part)
        part = ""
        say(word)
        return
    }
    if (part == "") {
        part = folder "/" (++parts)
        say("@" part)
    }
    ORS = "\n"
    print zig_quoted(word) > part
}

# One word for the linker, from -Wl, (wrap is "W") or from behind -Xlinker ("X").
function put(word) {
    if (wrap == "W") list = list "," word
    else {
        emit("-Xlinker")
        emit(word)
    }
}
function flush() {
    if (list != "") emit("-Wl" list)
    list = ""
}
function linker(word,    name, equals, value, was) {
    was = expect
    expect = ""
    if (was == "drop") return
    if (was == "keep") { put(word); return }
    if (was == "-l" || was == "-L") { flush(); library(was word); return }
    if (was == "-z") {
        if (!(word in unknown_z)) { put("-z"); put(word) }
        return
    }
    if (was == "number" && word ~ /^[0-9]+$/) return
    if (word == "-z" || word == "-l" || word == "-L") { expect = word; return }
    # An input file: rustc passes archives between --whole-archive and --no-whole-archive in this way.
    if (word !~ /^-/) { if (word != "") { flush(); emit(word) } return }
    if (word ~ /^-[lL]/) { flush(); library(word); return }
    if (substr(word, 1, 2) == "-z" && substr(word, 3) in unknown_z) return

    name = word
    sub(/^--?/, "", name)
    equals = index(name, "=")
    if (equals) {
        value = substr(name, equals + 1)
        name = substr(name, 1, equals - 1)
    }
    if (name in unknown) return
    if (name in unknown_with_value) { if (!equals) expect = "drop"; return }
    if (name == "threads") { if (!equals) expect = "number"; return }
    if (name == "push-state") { depth++; for (name in state) saved[depth, name] = state[name]; return }
    if (name == "pop-state") { if (depth) { restore(depth); depth-- } return }
    if (name == "undefined") {
        put("-u")
        if (equals) put(value)
        else expect = "keep"
        return
    }
    if (name in group) state[group[name]] = word
    # Before 0.17, Zig does not look for a value behind "=" in what follows -Xlinker.
    if (equals && wrap == "X" && name in takes_value) {
        put(substr(word, 1, index(word, "=") - 1))
        put(value)
    } else put(word)
    if (!equals && name in takes_value) expect = "keep"
}
function restore(depth,    name) {
    for (name in state)
        if (state[name] != saved[depth, name]) {
            state[name] = saved[depth, name]
            put(state[name])
        }
}
# -l:file names a file in one of the -L folders; not every Zig looks for it.
function library(word,    i) {
    if (substr(word, 1, 3) == "-l:")
        for (i = 1; i <= folders; i++)
            if (readable(library_folder[i] "/" substr(word, 4))) {
                word = library_folder[i] "/" substr(word, 4)
                break
            }
    emit(word)
}

# GCC spells processors and extensions in a way that Zig does not know.
function processor(word,    option, value, i, n, part_of, name, sign) {
    option = substr(word, 1, index(word, "=") - 1)
    value = substr(word, index(word, "=") + 1)
    # Zig takes -mtune for -mcpu, which would change the instruction set: a hint is better left out.
    if (option == "-mtune") return
    if (arch != "aarch64") { gsub(/-/, "_", value); emit(option "=" value); return }
    n = split(value, part_of, "+")
    if (part_of[1] !~ /-/ && part_of[1] !~ /^armv/) { emit(word); return }
    value = "generic"
    if (match(part_of[1], /^armv[89]\.[0-9]-a$/)) value = "generic+v" substr(part_of[1], 5, 1) "_" substr(part_of[1], 7, 1) "a"
    else if (part_of[1] == "armv9-a") value = "generic+v9a"
    for (i = 2; i <= n; i++) {
        name = part_of[i]
        sign = "+"
        if (substr(name, 1, 2) == "no") { sign = "-"; name = substr(name, 3) }
        if (name in feature) name = feature[name]
        gsub(/-/, "_", name)
        value = value sign name
    }
    emit("-mcpu=" value)
}

function preprocessor(word,    i, n, piece) {
    if (word ~ /^-Wp,-(MD|MMD|MT)/) { emit(word); return }
    n = split(word, piece, comma)
    for (i = 2; i <= n; i++)
        if (piece[i] ~ /^-[DU]./) emit(piece[i])
}

function driver(word,    i, n, piece, was) {
    was = pending
    pending = ""
    if (was == "drop") return
    if (was == "keep") emit(word)
    else if (was == "-Xlinker") { wrap = "X"; linker(word) }
    else if (was == "-l" && word ~ /^:/) library(was word)
    else if (was == "-l") { emit(was); emit(word) }
    else if (was == "-u") emit("-u" word)
    else if (was == "-z") { if (!(word in unknown_z)) { emit("-z"); emit(word) } }
    else if (word ~ /^--target=/) return
    else if (word == "--target" || word == "-target") pending = "drop"
    else if (word == "-Xlinker" || word == "-l" || word == "-u" || word == "-z") pending = word
    else if (word ~ /^-Wl,/) {
        wrap = "W"
        n = split(substr(word, 5), piece, comma)
        for (i = 1; i <= n; i++) linker(piece[i])
        flush()
    }
    else if (word ~ /^-z/ && substr(word, 3) in unknown_z) return
    else if (word ~ /^-Wp,/) preprocessor(word)
    else if (word ~ /^-l:/) library(word)
    else if (word ~ /^-(march|mcpu|mtune)=/) processor(word)
    else {
        emit(word)
        if (word in driver_takes_value) pending = "keep"
    }
}

BEGIN {
    apostrophe = "\047"
    comma = "[,]" # macOS: a separator of one character would split at line ends as well
    special = "[\\\\\"" apostrophe " \t]"
    names("fix-cortex-a53-843419 fix-cortex-a53-835769 rosegment no-rosegment no-threads relax no-relax " \
        "allow-multiple-definition gdb-index stats trace cref verbose warn-common no-warnings " \
        "fatal-warnings no-fatal-warnings no-keep-memory reduce-memory-overheads " \
        "copy-dt-needed-entries no-copy-dt-needed-entries icf", unknown)
    names("dynamic-list exclude-libs Map plugin plugin-opt error-limit", unknown_with_value)
    names("nostart-stop-gc muldefs text separate-code noseparate-code pack-relative-relocs", unknown_z)
    names("rpath rpath-link soname h e entry u version-script T script m y wrap defsym dynamic-linker I " \
        "init fini o O image-base hash-style sort-section export-dynamic-symbol require-defined", takes_value)
    names("-o -x -I -L -D -U -T -e -MF -MT -MQ -include -imacros -isystem -iquote -idirafter -isysroot " \
        "--sysroot -Xclang -Xassembler -Xpreprocessor", driver_takes_value)
    group["as-needed"] = group["no-as-needed"] = "needed"
    group["Bstatic"] = group["Bdynamic"] = "kind"
    group["whole-archive"] = group["no-whole-archive"] = "whole"
    state["needed"] = "--no-as-needed"
    state["kind"] = "-Bdynamic"
    state["whole"] = "--no-whole-archive"
    feature["fp"] = "fp_armv8"
    feature["fp16"] = "fullfp16"
    feature["simd"] = "neon"
    feature["rng"] = "rand"
    feature["memtag"] = "mte"
    feature["profile"] = "spe"

    arch = ARGV[1]
    folder = ARGV[2]
    for (i = 3; i < ARGC; i++)
        if (folder != "" && ARGV[i] ~ /^@/ && readable(substr(ARGV[i], 2))) read_words(substr(ARGV[i], 2))
        else add(ARGV[i])
    for (i = 1; i <= total; i++)
        if (words[i] == "-L") library_folder[++folders] = words[i + 1]
        else if (words[i] ~ /^-L/) library_folder[++folders] = substr(words[i], 3)
    # Unless told otherwise or to optimise, Zig makes C code stop at whatever the sanitizer calls undefined.
    for (i = 1; i <= total; i++)
        if (words[i] == "-c") compiles = 1
        else if (words[i] ~ /^-f(no-)?sanitize/) sanitizes = 1
    if (compiles && !sanitizes) say("-fno-sanitize=undefined")

    for (at = 1; at <= total; at++) driver(words[at])
    at = total
    if (pending ~ /^-/) emit(pending)
    if (expect ~ /^-/) emit("-Wl," expect)
    if (part != "") close(part)
}
