@echo off
rem Written by scaffold (artifact zig-aarch64-unknown-linux-gnu-cxx-bat); change scaffold.yml, then run: scaffold regenerate
rem
rem `zig c++` for aarch64-unknown-linux-gnu: the C++ compiler of build scripts.
rem Zig is the program %%ZIG%% where set, else zig on PATH, else in a usual place.
rem
rem Zig refuses some arguments that rustc and build scripts pass. Batch cannot walk through arguments
rem and keep them whole (it splits them at = , and ;), so nothing is taken out here. An option that Zig
rem refuses is renamed, in the text of the whole line, to one that takes the same kind of value in the
rem same spellings and does nothing: -O of the linker, --eh-frame-hdr, or the definition of a macro.
rem
rem Limits. cmd reads at most 8191 characters; rustc changes to an @file before that. rustc starts this
rem file with `cmd /c`, which fails when its path has a space and an argument is quoted: keep the project
rem in a folder without spaces, and CARGO_TARGET_DIR too. -l:file is left to Zig.
setlocal EnableExtensions DisableDelayedExpansion

set "program="
if defined ZIG set "program=%ZIG:"=%"
if defined program goto found
for %%n in (zig.exe zig.cmd zig.bat) do if not defined program set "program=%%~$PATH:n"
if defined program goto found
for %%p in (
    "%LOCALAPPDATA%\Microsoft\WinGet\Links\zig.exe"
    "%ProgramData%\chocolatey\bin\zig.exe"
    "%USERPROFILE%\scoop\shims\zig.exe"
) do if not defined program if exist "%%~p" set "program=%%~p"
if defined program goto found
>&2 echo %~nx0: zig was not found on PATH or in its usual places.
>&2 echo Install it: "winget install -e --id zig.zig", or "choco install zig", or set ZIG to the program.
exit /b 127
:found

set "folder="
set "sanitize="
set "parts=0"
set "tries=0"
set "status=0"
set text=%*
if not defined text goto run
set "bare=%text:"=%"
if not defined bare goto run
rem Unless told otherwise or to optimise, Zig makes C code stop at whatever the sanitizer calls undefined.
set "padded= %bare% "
if not "%padded: -c =%"=="%padded%" set "sanitize=-fno-sanitize=undefined "
if "%bare:@=%"=="%bare%" goto rename
if not "%bare:~0,1%"=="@" goto each
set "file=%bare:~1%"
if not exist "%file%" goto each
call :response
set text=@"%part%"
goto run

:each
if [%1]==[] goto rename
set "word=%~1"
shift /1
if not defined word goto each
if not "%word:~0,1%"=="@" goto each
set "file=%word:~1%"
if not defined file goto each
if not exist "%file%" goto each
set command_line=%text%
call :response
set text=%command_line%
call set text=%%text:"@%file%"=@"%part%"%%
call set text=%%text:@%file%=@"%part%"%%
goto each

:rename
call :rename_options

:run
if not "%status%"=="0" goto done
call :zig
set "status=%errorlevel%"
:done
if defined folder rd /s /q "%folder%"
exit /b %status%

:zig
rem Also where Zig is a .cmd, not started with `call`, which would double each caret; it returns all the
rem same, to the line that called this label.
"%program%" c++ -target aarch64-linux-gnu %sanitize%%text%
exit /b %errorlevel%

:rename_options
rem The searched text cannot hold an equals sign; upper and lower case are the same to it.
set text=%text:--target=-DSCAFFOLD_IGNORED_TARGET%
set text=%text:-target aarch64-unknown-linux-gnu=-DSCAFFOLD_IGNORED_TARGET%
set text=%text:--dynamic-list=-O%
set text=%text:--exclude-libs=-O%
set text=%text:--error-limit=-O%
set text=%text:--icf=-O%
set text=%text:--plugin-opt=-O%
set text=%text:-plugin-opt=-O%
set text=%text:--Map=-O%
set text=%text:,-Map=,-O%
set text=%text:-Xlinker -Map=-Xlinker -O%
set text=%text:--no-threads=--eh-frame-hdr%
set text=%text:--threads,=--eh-frame-hdr,%
set text=%text:--threads =--eh-frame-hdr %
set text=%text:--threads=-O%
set text=%text:--fix-cortex-a53-843419=--eh-frame-hdr%
set text=%text:--fix-cortex-a53-835769=--eh-frame-hdr%
set text=%text:--no-rosegment=--eh-frame-hdr%
set text=%text:--rosegment=--eh-frame-hdr%
set text=%text:--allow-multiple-definition=--eh-frame-hdr%
set text=%text:nostart-stop-gc=noexecstack%
rem What stands between the two is nearly always -Bstatic or --whole-archive; rustc is back at -Bdynamic
rem and --no-whole-archive before it passes the arguments of crates and users.
set text=%text:--push-state=--eh-frame-hdr%
set text=%text:-Xlinker --pop-state=-Wl,-Bdynamic,--no-whole-archive%
set text=%text:--pop-state=-Bdynamic,--no-whole-archive%
rem --undefined-version is another option, which Zig knows.
set text=%text:--undefined-version=--u-n-d-version%
set text=%text:--undefined=-u%
set text=%text:--u-n-d-version=--undefined-version%
set text=%text:-Wp,-D=-D%
set text=%text:-Wp,-U=-U%
rem Zig takes -mtune for -mcpu, which would change the instruction set: a hint is better left out.
set text=%text:-mtune=-DSCAFFOLD_IGNORED_MTUNE%
rem GCC spells processors in a way that Zig does not know: the target's generic one will do.
set text=%text:-mcpu=-DSCAFFOLD_IGNORED_MCPU%
set "bare=%text:"=%"
if "%bare:-march=%"=="%bare%" exit /b 0
set text=%text:-march=-mcpu%
set text=%text:armv8-a=generic%
set text=%text:armv8.1-a=generic+v8_1a%
set text=%text:armv8.2-a=generic+v8_2a%
set text=%text:armv8.3-a=generic+v8_3a%
set text=%text:armv8.4-a=generic+v8_4a%
set text=%text:armv8.5-a=generic+v8_5a%
set text=%text:armv8.6-a=generic+v8_6a%
set text=%text:armv9-a=generic+v9a%
set text=%text:+fp16=+fullfp16%
set text=%text:+simd=+neon%
exit /b 0

rem From `file` to `part`. rustc writes an argument a line, with a backslash before each space and
rem backslash; Zig wants quotes instead, in which an apostrophe has no spelling.
:response
if defined folder goto part
:try
set /a tries+=1
if %tries% gtr 50 (
    >&2 echo %~nx0: no folder can be made in "%TEMP%".
    set "status=1"
    exit /b 1
)
rem Made by md in one step: two of these files may draw the same numbers in the same second.
set "folder=%TEMP%\zig-arguments-%RANDOM%%RANDOM%"
call :zero
md "%folder%" 2>nul
if errorlevel 1 goto try
:part
set /a parts+=1
set "part=%folder%\%parts%.rsp"
for /f "usebackq eol=| delims=" %%l in ("%file%") do (
    set "line=%%l"
    call :line
)
exit /b 0

:line
rem A line with quotes is in words that Zig knows.
set "bare=%line:"=|%"
if not "%bare:|=%"=="%bare%" goto line_as_it_is
if not "%line:'=%"=="%line%" goto line_with_apostrophe
set "line=%line:\\=/%"
set "line=%line:\ =|%"
rem More than one word in a line is not rustc's way; without quotes, Zig reads it in the same way.
if not "%line: =%"=="%line%" goto line_as_it_is
if not "%line:~0,4%"=="-Wl," goto line_word
rem An archive between --whole-archive and --no-whole-archive is no linker option to Zig.
set "value=%line:~4%.."
if "%value:~0,1%"=="/" set "line=%line:~4%"
if "%value:~1,1%"==":" set "line=%line:~4%"
:line_word
set text="%line:|= %"
goto line_out
:line_as_it_is
set text=%line%
:line_out
call :rename_options
>>"%part%" echo %text%
exit /b 0
:line_with_apostrophe
>&2 echo %~nx0: Zig cannot read an apostrophe in a response file: "%line%"
set "status=1"
:zero
exit /b 0
