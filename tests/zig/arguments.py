"""What rustc, cc and users pass, and what Zig is given for it; each row was tried with Zig 0.13, 0.15.2 and 0.17.1."""

import os

HOSTILE = [
    "a b",
    "it's",
    'say "yes"',
    "$HOME `id` $(id)",
    "%PATH% !x! ^a & b | (c) <d>",
    "*",
    "?.c",
    "",
    "-n",
    "-e",
    "\\",
    "\\\\ \\n",
    'ends in \\"\\',
    "#no comment",
    "grün/日本",
    "two\nlines\n",
    "tab\tbed",
    "--",
    "a,b=c;d",
    "~",
    os.fsdecode(b"not utf-8 \xff\xfe"),
]
# Linux targets for both machines: what goes in, what comes out.
REWRITTEN: list[tuple[str, str, str]] = [
    # Rust 1.98 and later, for every aarch64 Linux link
    ("*", "-Wl,--fix-cortex-a53-843419", ""),
    ("*", "-Wl,--as-needed,--fix-cortex-a53-843419,-O1", "-Wl,--as-needed,-O1"),
    ("*", "-Wl,--fix-cortex-a53-843419,-O1", "-Wl,-O1"),
    ("*", "-Xlinker --fix-cortex-a53-843419 a.o", "a.o"),
    # cc-rs
    ("*", "--target=x86_64-unknown-linux-gnu a.c", "a.c"),
    ("*", "-target aarch64-unknown-linux-gnu a.c", "a.c"),
    ("*", "--target aarch64-unknown-linux-gnu a.c", "a.c"),
    # rustc
    ("*", "-Wl,--dynamic-list=/x/list a.o", "a.o"),
    ("*", "-Wl,--dynamic-list,/x/list a.o", "a.o"),
    ("*", "-Wl,--dynamic-list -Wl,/x/list a.o", "a.o"),
    ("*", "-Xlinker --dynamic-list -Xlinker /x/list a.o", "a.o"),
    ("*", "-Xlinker --dynamic-list=/x/list a.o", "a.o"),
    ("*", "-Wl,-z,now,--dynamic-list,/x/list,-z,relro", "-Wl,-z,now,-z,relro"),
    ("*", "-Wl,-znostart-stop-gc a.o", "a.o"),
    ("*", "-Wl,-z,nostart-stop-gc a.o", "a.o"),
    ("*", "-Wl,-z -Wl,nostart-stop-gc a.o", "a.o"),
    ("*", "-Xlinker -znostart-stop-gc a.o", "a.o"),
    ("*", "-Xlinker -z -Xlinker nostart-stop-gc a.o", "a.o"),
    ("*", "-z nostart-stop-gc a.o", "a.o"),
    ("*", "-znostart-stop-gc a.o", "a.o"),
    ("*", "-Wl,-plugin-opt=O3 -Wl,-plugin-opt=-mcpu=x -Wl,--plugin-opt,O2 a.o", "a.o"),
    ("*", "-Wl,--whole-archive -Wl,/x/a.rlib -Wl,--no-whole-archive",
     "-Wl,--whole-archive /x/a.rlib -Wl,--no-whole-archive"),
    ("*", "-Wl,--whole-archive,/x/a.a,--no-whole-archive",
     "-Wl,--whole-archive /x/a.a -Wl,--no-whole-archive"),
    ("*", "-Xlinker --whole-archive -Xlinker /x,y.a", "-Xlinker --whole-archive /x,y.a"),
    # link arguments of crates and users
    ("*", "-Wl,--push-state,-Bstatic -lz -Wl,--pop-state -lm", "-Wl,-Bstatic -lz -Wl,-Bdynamic -lm"),
    ("*", "-Wl,--push-state,--as-needed -lz -Wl,--pop-state", "-Wl,--as-needed -lz -Wl,--no-as-needed"),
    ("*", "-Wl,-Bstatic,--push-state,-Bdynamic -lz -Xlinker --pop-state",
     "-Wl,-Bstatic,-Bdynamic -lz -Xlinker -Bstatic"),
    ("*", "-Wl,--push-state -lz -Wl,--pop-state", "-lz"),
    ("*", "-Wl,--icf=all -Wl,--icf=none a.o", "a.o"),
    ("*", "-Wl,--exclude-libs,ALL -Wl,--exclude-libs=libz.a a.o", "a.o"),
    ("*", "-Wl,--undefined=main -Wl,--undefined,main", "-Wl,-u,main -Wl,-u,main"),
    ("*", "-Xlinker --undefined=main", "-Xlinker -u -Xlinker main"),
    ("*", "-u main", "-umain"),
    ("*", "-Wl,-Map=/x/map -Wl,-Map,/x/map -Wl,--Map=/x/map a.o", "a.o"),
    ("*", "-Wl,--threads=4 -Wl,--threads -Wl,--no-threads -Wl,--threads,4 a.o", "a.o"),
    ("*", "-Wl,--threads,--gc-sections", "-Wl,--gc-sections"),
    ("*", "-Wl,--error-limit=0 -Wl,--no-rosegment -Wl,--rosegment a.o", "a.o"),
    ("*", "-Wl,--allow-multiple-definition -Wl,-z,muldefs a.o", "a.o"),
    ("*", "-Xlinker -soname=libx.so", "-Xlinker -soname -Xlinker libx.so"),
    # C builds
    ("*", "-Wp,-MD,x.d -Wp,-MMD,x.d -Wp,-MT,x", "-Wp,-MD,x.d -Wp,-MMD,x.d -Wp,-MT,x"),
    ("*", "-Wp,-DA=1,-UB -Wp,-w a.c", "-DA=1 -UB a.c"),
    ("*", "-l:nowhere.a", "-l:nowhere.a"),
    ("*", "-mtune=cortex-a53 -mtune=generic a.c", "a.c"),
    ("aarch64", "-march=armv8-a", "-mcpu=generic"),
    ("aarch64", "-march=armv8-a+crc+crypto+nofp16", "-mcpu=generic+crc+crypto-fullfp16"),
    ("aarch64", "-march=armv8.2-a+fp16", "-mcpu=generic+v8_2a+fullfp16"),
    ("aarch64", "-march=armv9-a", "-mcpu=generic+v9a"),
    ("aarch64", "-mcpu=cortex-a53", "-mcpu=generic"),
    ("aarch64", "-mcpu=cortex-a72+crypto", "-mcpu=generic+crypto"),
    ("aarch64", "-mcpu=apple_m1", "-mcpu=apple_m1"),
    ("x86_64", "-march=x86-64-v3", "-march=x86_64_v3"),
    ("x86_64", "-mcpu=x86_64", "-mcpu=x86_64"),
    # A value is not an option, whatever it looks like.
    ("*", "-o --target=x", "-o --target=x"),
    ("*", "-D -Wl,--icf=all -I -march=armv8-a", "-D -Wl,--icf=all -I -march=armv8-a"),
    ("*", "-Wl,-rpath,--icf", "-Wl,-rpath,--icf"),
    ("*", "-Wl,-soname -Wl,libx.so", "-Wl,-soname -Wl,libx.so"),
]  # fmt: skip
KEPT = [
    "-lgcc_s -Wl,--no-undefined-version -fuse-ld=lld -B/x/gcc-ld",
    "-Wl,--undefined-version -Wl,--version-script=/x/list -Wl,--no-undefined",
    "-m64 /tmp/symbols.o -Wl,--as-needed -Wl,-Bstatic /x/libstd.rlib -Wl,-Bdynamic -lc -Wl,--eh-frame-hdr",
    "-Wl,-z,noexecstack -L /x/lib -o /x/out -Wl,--gc-sections -pie -Wl,-z,relro,-z,now -Wl,-O1",
    "-Wl,--strip-debug -nodefaultlibs -Wl,-soname=libx.so -Wl,-rpath,/x -shared -l z",
    "-mcpu=generic -Wl,--dynamic-linker=/lib/ld.so -x c - -Wl,-rpath=/x",
]


def cases(rows: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return [
        (arch, given, wanted)
        for name, given, wanted in rows
        for arch in (("x86_64", "aarch64") if name == "*" else (name,))
    ]
