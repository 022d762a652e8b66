#!/bin/bash
# base-image.sh IMAGE x86_64|arm64: makes an image that stands in for Lambda's Python 3.13, out of Debian's packages and
# those of requirements.txt beside this script. For root, on a machine with that processor, with docker, mmdebstrap and uv.
# What it has in common with Lambda's: Python's version, the search path, /var/task, /opt, the runtime's interface client.
# What it has not: Amazon Linux and its C library, the user, the read-only file system (docs/sam-local.md).
set -euo pipefail
image=$1 here=$(cd "$(dirname "$0")" && pwd)
case $2 in
  x86_64) debian=amd64 wheels=x86_64-manylinux2014 docker=linux/amd64 ;;
  arm64) debian=arm64 wheels=aarch64-manylinux2014 docker=linux/arm64 ;;
  *) echo "the processor is x86_64 or arm64, not $2" >&2; exit 2 ;;
esac
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; root=$work/root

# The mirror that most of apt's own sources name. dash, coreutils: SAM adds its emulator with RUN lines.
mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(SITE)' | sort | uniq -c | sort -rn | awk 'NR==1 {print $2}')}
mmdebstrap --quiet --mode=root --variant=extract --architectures=$debian \
  --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
  --include=base-files,base-passwd,libc-bin,dash,coreutils,ca-certificates,libstdc++6,python3,tzdata \
  trixie "$root" "$mirror" >/dev/null 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
mkdir -p "$root"/var/{task,runtime,rapid} "$root/opt/python" "$root/tmp"; chmod 1777 "$root/tmp"
# Extracted packages are not configured: what their scripts would have made.
[ -e "$root/etc/passwd" ] || cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
[ -e "$root/etc/group" ] || cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
cat "$root"/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"
rm -rf "$root"/usr/share/{doc,man,locale,info,lintian,bug} "$root/var/cache/apt" "$root/var/lib/apt"

uv pip install --quiet --target "$root/var/runtime" --python-platform $wheels --python-version 3.13 \
  --only-binary :all: --link-mode copy --require-hashes --requirements "$here/requirements.txt"
install -m 755 "$here/bootstrap" "$root/var/runtime/bootstrap"
install -m 644 "$here/bootstrap.py" "$root/var/runtime/bootstrap.py"
# Without bytecode every cold start would compile the SDK.
PYTHONDONTWRITEBYTECODE='' chroot "$root" /usr/bin/python3 -m compileall -q -j 0 /usr/lib/python3.13 /var/runtime >/dev/null || true

tar -C "$root" --numeric-owner -c . | docker import --platform $docker \
  -c 'ENV LANG=C.UTF-8' -c 'ENV TZ=:/etc/localtime' -c 'ENV PATH=/usr/local/bin:/usr/bin:/bin:/opt/bin' \
  -c 'ENV LD_LIBRARY_PATH=/var/runtime:/var/task:/var/task/lib:/opt/lib' -c 'ENV LAMBDA_TASK_ROOT=/var/task' \
  -c 'ENV LAMBDA_RUNTIME_DIR=/var/runtime' -c 'ENV AWS_EXECUTION_ENV=AWS_Lambda_python3.13' \
  -c 'ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt' -c 'WORKDIR /var/task' \
  -c 'LABEL sam-local-stand-in=debian' - "$image" >/dev/null
