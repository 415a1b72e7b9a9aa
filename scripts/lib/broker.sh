# Finds or brings Debian's mosquitto for the tests of MQTT. Sourced by scripts/setup.

BROKER="$CACHE/mosquitto"

# Everything apt writes goes into folders of ours, so the system's apt never notices; and nothing is
# installed, so that no broker starts by itself. Of its libraries only those that the machine lacks come.
unpack_debian_broker() {
  local state="$BROKER.apt" deb
  rm -rf "$BROKER" "$BROKER.part" "$state"
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$BROKER.part"
  local options=(
    -o Dir::State::lists="$state/lists" -o Dir::Cache="$state/cache"
    -o Acquire::Languages=none -o Debug::NoLocking=1 -o APT::Sandbox::User="$(id -un)"
  )
  apt-get -qq "${options[@]}" update || return 1
  apt-get -qq "${options[@]}" install --yes --download-only --no-install-recommends mosquitto || return 1
  for deb in "$state"/cache/archives/*.deb; do
    dpkg -x "$deb" "$BROKER.part" || return 1
  done
  # It finds its libraries by this; nothing else of it depends on where it lies.
  cat >"$BROKER.part/mosquitto" <<'SCRIPT' || return 1
#!/bin/sh
here="$(dirname "$(readlink -f "$0")")"
for folder in "$here"/usr/lib/*-linux-gnu "$here"/lib/*-linux-gnu; do
  LD_LIBRARY_PATH="$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
done
export LD_LIBRARY_PATH
exec "$here/usr/sbin/mosquitto" "$@"
SCRIPT
  chmod +x "$BROKER.part/mosquitto" || return 1
  # It greets and ends with a status of its own.
  [[ "$("$BROKER.part/mosquitto" -h)" == "mosquitto version"* ]] || return 1
  mv "$BROKER.part" "$BROKER" && rm -rf "$state"
}

ensure_broker() {
  local candidate
  # Debian's is where only root looks for programs.
  for candidate in ${TESLALOGGER_MOSQUITTO:+"$TESLALOGGER_MOSQUITTO"} mosquitto /usr/sbin/mosquitto "$BROKER/mosquitto"; do
    have "$candidate" && return 0
  done
  have apt-get && have dpkg ||
    fail "there is no mosquitto on this machine" \
      "install it, or name it: TESLALOGGER_MOSQUITTO=/path/to/mosquitto"
  say "unpacking Debian's mosquitto into a private folder"
  quietly "$CACHE/logs/mosquitto.log" unpack_debian_broker ||
    fail "mosquitto could not be fetched (see $CACHE/logs/mosquitto.log)" \
      "install it (on Debian: apt-get install mosquitto) and run this again"
}
