#!/usr/bin/env bash
# Sets everything up, fuses the bundled sample and shows what came out: out/demo/.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
cd "$root"
eng/setup.sh
dotnet build src/EmmaStream.Cli -c Release --nologo -v quiet
mkdir -p out/demo
./emmastream fuse --ir samples/street-ir.mp4 --vi samples/street-vi.mp4 --registration samples/street-registration.json \
  -o out/demo/fused.mp4 --also side-by-side=out/demo/side-by-side.mp4 --also side-by-side=out/demo/side-by-side.png@3 --report out/demo/report.json
