@echo off
rem Written by scaffold (artifact zig-x86_64-unknown-linux-gnu-cc); change scaffold.yml, then run: scaffold regenerate
rem
rem `zig cc` for x86_64-unknown-linux-gnu: the linker of rustc, and the C compiler of build scripts.
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
set "target=x86_64-linux-gnu"

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
set "status=0"
set args=%*
if not defined args goto run
set "bare=%args:"=%"
if not defined bare goto run
if "%bare:@=%"=="%bare%" goto rename
if not "%bare:~0,1%"=="@" goto each
set "file=%bare:~1%"
if not exist "%file%" goto each
call :response
if not "%status%"=="0" goto done
set args=@"%part%"
goto run

:each
set "word="
if [%1]==[] goto rename
set "word=%~1"
shift
if not defined word goto each
if not "%word:~0,1%"=="@" goto each
set "file=%word:~1%"
if not defined file goto each
if not exist "%file%" goto each
call :response
if not "%status%"=="0" goto done
call set args=%%args:"@%file%"=@%file%%%
call set args=%%args:@%file%=@"%part%"%%
goto each

:rename
call :rename_args

:run
rem Without `call` a zig.cmd takes over for good and its status is ours; `call` would double each caret.
set "run="
if defined folder if /i not "%program:~-4%"==".exe" set "run=call"
%run% "%program%" cc -target %target% %args%
set "status=%errorlevel%"
:done
if defined folder rd /s /q "%folder%"
exit /b %status%

:rename_args
rem The searched text cannot hold an equals sign; upper and lower case are the same to it.
set args=%args:--target=-DSCAFFOLD_IGNORED_TARGET%
set args=%args:-target x86_64-unknown-linux-gnu=-DSCAFFOLD_IGNORED_TARGET%
set args=%args:--dynamic-list=-O%
set args=%args:--exclude-libs=-O%
set args=%args:--error-limit=-O%
set args=%args:--icf=-O%
set args=%args:--plugin-opt=-O%
set args=%args:-plugin-opt=-O%
set args=%args:--Map=-O%
set args=%args:,-Map=,-O%
set args=%args:-Xlinker -Map=-Xlinker -O%
set args=%args:--no-threads=--eh-frame-hdr%
set args=%args:--threads,=--eh-frame-hdr,%
set args=%args:--threads =--eh-frame-hdr %
set args=%args:--threads=-O%
set args=%args:--fix-cortex-a53-843419=--eh-frame-hdr%
set args=%args:--fix-cortex-a53-835769=--eh-frame-hdr%
set args=%args:--no-rosegment=--eh-frame-hdr%
set args=%args:--rosegment=--eh-frame-hdr%
set args=%args:--allow-multiple-definition=--eh-frame-hdr%
set args=%args:nostart-stop-gc=noexecstack%
rem What stands between the two is nearly always -Bstatic or --whole-archive; rustc is back at -Bdynamic
rem and --no-whole-archive before it passes the arguments of crates and users.
set args=%args:--push-state=--eh-frame-hdr%
set args=%args:-Xlinker --pop-state=-Wl,-Bdynamic,--no-whole-archive%
set args=%args:--pop-state=-Bdynamic,--no-whole-archive%
rem --undefined-version is another option, which Zig knows.
set args=%args:--undefined-version=--u-n-d-version%
set args=%args:--undefined=-u%
set args=%args:--u-n-d-version=--undefined-version%
set args=%args:-Wp,-D=-D%
set args=%args:-Wp,-U=-U%
rem Zig takes -mtune for -mcpu, which would change the instruction set: a hint is better left out.
set args=%args:-mtune=-DSCAFFOLD_IGNORED_MTUNE%
exit /b 0

rem From `file` to `part`. rustc writes an argument a line, with a backslash before each space and
rem backslash; Zig wants quotes instead, in which an apostrophe has no spelling.
:response
if defined folder goto part
set /a tries=0
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
rem An archive between --whole-archive and --no-whole-archive is no linker option to Zig.
if "%line:~0,5%"=="-Wl,/" set "line=%line:~4%"
if "%line:~5,1%"==":" if "%line:~0,4%"=="-Wl," set "line=%line:~4%"
set args="%line:|= %"
goto line_out
:line_as_it_is
set args=%line%
:line_out
call :rename_args
>>"%part%" echo %args%
exit /b 0
:line_with_apostrophe
>&2 echo %~nx0: Zig cannot read an apostrophe in a response file: "%line%"
set "status=1"
:zero
exit /b 0
