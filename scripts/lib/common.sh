# Shared by every script: where things live, how to speak, how to fail.
# Sourced, never run.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
CACHE="$ROOT/.cache"
VENV="$ROOT/.venv"

say() { printf '==> %s\n' "$*" >&2; }

# fail MESSAGE NEXT_STEP: every failure says what to do about it.
fail() {
  printf '\nerror: %s\n  next: %s\n' "$1" "$2" >&2
  exit 1
}

# quietly LOG COMMAND...: the output is only worth reading when it went wrong.
quietly() {
  local log="$1"
  shift
  mkdir -p "$(dirname "$log")"
  if ! "$@" >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    return 1
  fi
}

have() { command -v "$1" >/dev/null 2>&1; }

# as_root COMMAND...: only where that needs no question answered.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif have sudo && sudo -n true 2>/dev/null; then
    sudo -n "$@"
  else
    return 126
  fi
}
