@echo off
rem Builds the server if a source is newer than the last build, fetches the default models if no repository is named,
rem and runs the server.
setlocal

where dotnet >nul 2>nul || (echo serve: 'dotnet' was not found. Please install the .NET SDK 10; the server is built with it. >&2 & exit /b 1)
where node >nul 2>nul || (echo serve: 'node' was not found. Please install Node.js 20 or newer; ONNX Runtime and the default models come from npm. >&2 & exit /b 1)
where npm >nul 2>nul || (echo serve: 'npm' was not found. Please install npm, which comes with Node.js; ONNX Runtime and the default models come from there. >&2 & exit /b 1)

set ORT_DISABLE_TELEMETRY=1
node "%~dp0eng\prepare\serve.mjs" %*
exit /b %errorlevel%
