@echo off
rem Written by scaffold (artifact zig-x86_64-unknown-linux-gnu-cc-bat); change scaffold.yml, then run: scaffold regenerate
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

set "_program="
if defined ZIG set "_program=%ZIG:"=%"
if defined _program goto found
for %%n in (zig.exe zig.cmd zig.bat) do if not defined _program set "_program=%%~$PATH:n"
if defined _program goto found
for %%p in (
    "%LOCALAPPDATA%\Microsoft\WinGet\Links\zig.exe"
    "%ProgramData%\chocolatey\bin\zig.exe"
    "%USERPROFILE%\scoop\shims\zig.exe"
) do if not defined _program if exist "%%~p" set "_program=%%~p"
if defined _program goto found
>&2 echo %~nx0: zig was not found on PATH or in its usual places.
>&2 echo Install it: "winget install -e --id zig.zig", or "choco install zig", or set ZIG to the program.
exit /b 127
:found

set "_folder="
set "_sanitize="
set "_parts=0"
set "_tries=0"
set "_status=0"
set _text=%*
if not defined _text goto run
set "_bare=%_text:"=%"
if not defined _bare goto run
rem Unless told otherwise or to optimise, Zig makes C code stop at whatever the sanitizer calls undefined.
set "_padded= %_bare% "
if not "%_padded: -c =%"=="%_padded%" set "_sanitize=-fno-sanitize=undefined "
if "%_bare:@=%"=="%_bare%" goto rename
if not "%_bare:~0,1%"=="@" goto each
set "_file=%_bare:~1%"
if not exist "%_file%" goto each
call :response
set _text=@"%_part%"
goto run

:each
if [%1]==[] goto rename
set "_word=%~1"
shift /1
if not defined _word goto each
if not "%_word:~0,1%"=="@" goto each
set "_file=%_word:~1%"
if not defined _file goto each
if not exist "%_file%" goto each
set _command_line=%_text%
call :response
set _text=%_command_line%
call set _text=%%_text:"@%_file%"=@"%_part%"%%
call set _text=%%_text:@%_file%=@"%_part%"%%
goto each

:rename
call :rename_options
rem An archive between --whole-archive and --no-whole-archive is no linker option to Zig.
if "%_bare:--whole-archive=%"=="%_bare%" goto run
for %%d in (A B C D E F G H I J K L M N O P Q R S T U V W X Y Z) do call :input_file %%d

:run
if not "%_status%"=="0" goto done
call :zig
set "_status=%errorlevel%"
:done
if defined _folder rd /s /q "%_folder%"
exit /b %_status%

:zig
rem Also where Zig is a .cmd, not started with `call`, which would double each caret; it returns all the
rem same, to the line that called this label.
"%_program%" cc -target x86_64-linux-gnu %_sanitize%%_text%
exit /b %errorlevel%

:input_file
call set _text=%%_text:-Wl,%1:=%1:%%
exit /b 0

:rename_options
rem The searched text cannot hold an equals sign; upper and lower case are the same to it.
set _text=%_text:--target=-DSCAFFOLD_IGNORED_TARGET%
set _text=%_text:-target x86_64-unknown-linux-gnu=-DSCAFFOLD_IGNORED_TARGET%
set _text=%_text:--dynamic-list=-O%
set _text=%_text:--exclude-libs=-O%
set _text=%_text:--error-limit=-O%
set _text=%_text:--icf=-O%
set _text=%_text:--plugin-opt=-O%
set _text=%_text:-plugin-opt=-O%
set _text=%_text:--Map=-O%
set _text=%_text:,-Map=,-O%
set _text=%_text:-Xlinker -Map=-Xlinker -O%
set _text=%_text:--no-threads=--eh-frame-hdr%
set _text=%_text:--threads,=--eh-frame-hdr,%
set _text=%_text:--threads =--eh-frame-hdr %
set _text=%_text:--threads=-O%
set _text=%_text:--fix-cortex-a53-843419=--eh-frame-hdr%
set _text=%_text:--fix-cortex-a53-835769=--eh-frame-hdr%
set _text=%_text:--no-rosegment=--eh-frame-hdr%
set _text=%_text:--rosegment=--eh-frame-hdr%
set _text=%_text:--allow-multiple-definition=--eh-frame-hdr%
set _text=%_text:nostart-stop-gc=noexecstack%
rem What stands between the two is nearly always -Bstatic or --whole-archive; rustc is back at -Bdynamic
rem and --no-whole-archive before it passes the arguments of crates and users.
set _text=%_text:--push-state=--eh-frame-hdr%
set _text=%_text:-Xlinker --pop-state=-Wl,-Bdynamic,--no-whole-archive%
set _text=%_text:--pop-state=-Bdynamic,--no-whole-archive%
rem --undefined-version is another option, which Zig knows.
set _text=%_text:--undefined-version=--u-n-d-version%
set _text=%_text:--undefined=-u%
set _text=%_text:--u-n-d-version=--undefined-version%
set _text=%_text:-Wp,-D=-D%
set _text=%_text:-Wp,-U=-U%
rem Zig takes -mtune for -mcpu, which would change the instruction set: a hint is better left out.
set _text=%_text:-mtune=-DSCAFFOLD_IGNORED_MTUNE%
exit /b 0

rem From _file to _part. rustc writes an argument a line, with a backslash before each space and
rem backslash; Zig wants quotes instead, in which an apostrophe has no spelling.
:response
if defined _folder goto part
:try
set /a _tries+=1
if %_tries% gtr 50 (
    >&2 echo %~nx0: no folder can be made in "%TEMP%".
    set "_folder="
    set "_status=1"
    exit /b 1
)
rem Made by md in one step: two of these files may draw the same numbers in the same second.
set "_folder=%TEMP%\zig-arguments-%RANDOM%%RANDOM%"
call :zero
md "%_folder%" 2>nul
if errorlevel 1 goto try
:part
set /a _parts+=1
set "_part=%_folder%\%_parts%.rsp"
for /f "usebackq eol=| delims=" %%l in ("%_file%") do (
    set "_line=%%l"
    call :line
)
exit /b 0

:line
rem A line with quotes is in words that Zig knows.
set "_bare=%_line:"=|%"
if not "%_bare:|=%"=="%_bare%" goto line_as_it_is
if not "%_line:'=%"=="%_line%" goto line_with_apostrophe
set "_line=%_line:\\=/%"
set "_line=%_line:\ =|%"
rem More than one word in a line is not rustc's way; without quotes, Zig reads it in the same way.
if not "%_line: =%"=="%_line%" goto line_as_it_is
if not "%_line:~0,4%"=="-Wl," goto line_word
rem The same archive.
set "_value=%_line:~4%.."
if "%_value:~0,1%"=="/" set "_line=%_line:~4%"
if "%_value:~1,1%"==":" set "_line=%_line:~4%"
:line_word
set _text="%_line:|= %"
goto line_out
:line_as_it_is
set _text=%_line%
:line_out
call :rename_options
>>"%_part%" echo %_text%
exit /b 0
:line_with_apostrophe
>&2 echo %~nx0: Zig cannot read an apostrophe in a response file: "%_line%"
set "_status=1"
:zero
exit /b 0
