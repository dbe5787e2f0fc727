@echo off
rem Written by scaffold (artifact zig-x86_64-unknown-linux-gnu-ar-bat); change scaffold.yml, then run: scaffold regenerate
rem
rem `zig ar` for x86_64-unknown-linux-gnu: what build scripts call AR. Zig is the program %%ZIG%% where set, else
rem zig on PATH, else in a usual place.
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

"%_program%" ar %*
exit /b %errorlevel%
