# Finds or brings a Chromium for the end-to-end tests. Sourced by scripts/setup.

ensure_browser() {
  local candidate
  for candidate in ${TESLALOGGER_CHROMIUM:+"$TESLALOGGER_CHROMIUM"} chromium chromium-browser google-chrome; do
    have "$candidate" && return 0
  done
  compgen -G "$CACHE/browsers/chromium-*" >/dev/null && return 0
  if have apt-get; then
    say "installing Chromium from the machine's packages"
    if quietly "$CACHE/logs/chromium.log" as_root apt-get update -qq &&
      quietly "$CACHE/logs/chromium.log" as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; then
      return 0
    fi
  fi
  say "asking Playwright for Chromium"
  PLAYWRIGHT_BROWSERS_PATH="$CACHE/browsers" quietly "$CACHE/logs/playwright.log" \
    "$VENV/bin/playwright" install chromium-headless-shell chromium ||
    fail "no Chromium could be found or fetched (logs in $CACHE/logs)" \
      "install Chromium (on Debian: apt-get install chromium) and run this again"
}
