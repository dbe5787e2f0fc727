@echo off
rem Written by scaffold (artifact zig-x86_64-unknown-linux-gnu-cc-bat); change scaffold.yml, then run: scaffold regenerate
rem
rem `zig cc` for x86_64-unknown-linux-gnu: builds zig-linker.rs once, with the project's rustc, and runs it.
rem rustc starts this file with `cmd /c`, which fails when its path has a space and an argument is quoted:
rem keep the project, and CARGO_TARGET_DIR, in a folder without spaces.
setlocal EnableExtensions DisableDelayedExpansion
set "_program=%~dp0build\zig-linker-9aa9884c6020-%PROCESSOR_ARCHITECTURE%.exe"
if not exist "%_program%" call :build
if not exist "%_program%" (
    >&2 echo %~nx0: rustc cannot build zig-linker.rs.
    exit /b 1
)
"%_program%" cc x86_64-linux-gnu %*
exit /b %errorlevel%

:build
set "_rustc=rustc.exe"
if defined CARGO for %%c in ("%CARGO%") do if exist "%%~dpcrustc.exe" set "_rustc=%%~dpcrustc.exe"
set "_tries=0"
:new_folder
rem Several links start at once. Those of one second draw the same numbers, but md makes a folder once.
set /a _tries+=1
set "_new=%~dp0build\%RANDOM%%RANDOM%"
md "%_new%" 2>nul
if errorlevel 1 if %_tries% lss 50 goto new_folder
"%_rustc%" --edition 2021 -O -o "%_new%\zig-linker.exe" "%~dp0zig-linker.rs" >&2
if exist "%_new%\zig-linker.exe" move /y "%_new%\zig-linker.exe" "%_program%" >nul 2>nul
rd /s /q "%_new%"
exit /b
