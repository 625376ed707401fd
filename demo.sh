#!/usr/bin/env bash
# Sets everything up, fuses the bundled sample and shows what came out: out/demo/.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
eng/setup.sh
dotnet build src/EmmaStream.Cli -c Release --nologo -v quiet
mkdir -p out/demo
sample=(--ir samples/street-ir.mp4 --vi samples/street-vi.mp4 --registration samples/street-registration.json)
./emmastream fuse "${sample[@]}" --duration 3 -o out/demo/fused.mp4 --also side-by-side=out/demo/side-by-side.mp4 --report out/demo/report.json
./emmastream fuse "${sample[@]}" --start 4 --duration 0.04 -o out/demo/side-by-side.png --layout side-by-side --quiet
echo "Look at out/demo/side-by-side.png and side-by-side.mp4: infrared, visible and fused; what happened to each frame is in report.json."
