"""Signing in: password, second factor by app, passkey, recovery; a locked account; a session that ends."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Callable

from keyboard import WATCH, clicks, keys
from playwright.sync_api import Browser, Page, expect
from running_clinic import Running


def code_of(secret: str, at: float | None = None) -> str:
    """The six digits an authenticator app shows (RFC 6238: SHA-1, 30 seconds)."""
    counter = struct.pack(">Q", int((at or time.time()) // 30))
    digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def test_an_app_as_second_factor_is_set_up_and_asked_for(
    sign_in: Callable[[str], Page], running: Running, accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    page = sign_in("tkim")
    page.goto("/account/2fa/")
    accessible()
    page.goto("/account/2fa/totp/activate/")
    if "reauthenticate" in page.url:
        page.get_by_label("Password").fill(running.password)
        keys(page, "Enter")
    expect(page.get_by_role("heading", name="Set up an authenticator app")).to_be_visible()
    accessible()
    shot("second-factor")
    secret = page.locator("code.key").inner_text()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    clicks(page, page.get_by_role("button", name="Switch it on"))
    page.wait_for_url(lambda url: "activate" not in url)
    page.context.clear_cookies()
    sign_in("tkim")
    assert "/account/2fa/authenticate" in page.url
    accessible()
    page.get_by_label("Code").fill("000000")
    clicks(page, page.get_by_role("button", name="Sign In", exact=True))
    assert "/account/2fa/authenticate" in page.url
    # A code is good once: the next one is of the next half minute.
    page.get_by_label("Code").fill(code_of(secret, time.time() + 30))
    clicks(page, page.get_by_role("button", name="Sign In", exact=True))
    page.wait_for_url(lambda url: "/account/" not in url)


def test_a_passkey_signs_in_under_the_policy(sign_in: Callable[[str], Page], running: Running) -> None:
    page = sign_in("rnovak")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/account/2fa/webauthn/add/")
    if "reauthenticate" in page.url:
        page.get_by_label("Password").fill(running.password)
        keys(page, "Enter")
        page.wait_for_url("**/webauthn/add/")
    page.get_by_label("Name").fill("desk")
    passwordless = page.get_by_label("Passwordless")
    if passwordless.count():
        passwordless.check()
    clicks(page, page.get_by_role("button", name="Add"))
    page.wait_for_url(lambda url: "webauthn/add" not in url)
    page.context.clear_cookies()
    page.goto("/account/login/")
    clicks(page, page.get_by_role("button", name="Sign in with a passkey"))
    page.wait_for_url(lambda url: "/account/" not in url)


def test_six_wrong_passwords_lock_and_say_nothing_of_who_exists(
    page: Page, accessible: Callable[[], None], shot: Callable[[str], None]
) -> None:
    said = []
    for name in ("fadeyemi", "nobody-at-all"):
        for _ in range(7):
            page.goto("/account/login/")
            page.get_by_label("Username").fill(name)
            page.get_by_label("Password").fill("wrong wrong wrong")
            keys(page, "Enter")
        said.append(page.get_by_role("heading", level=1).inner_text())
    assert said == ["Signing in is locked for 15 minutes"] * 2
    accessible()
    shot("locked")


def test_the_sign_in_page_is_plain(page: Page, accessible: Callable[[], None], shot: Callable[[str], None]) -> None:
    page.goto("/account/login/")
    accessible()
    shot("sign-in")


def test_a_session_can_be_kept_before_it_ends(browser: Browser, running: Running) -> None:
    context = browser.new_context(base_url=running.address)
    context.add_init_script(WATCH)
    page = context.new_page()
    page.clock.install()
    page.goto("/account/login/")
    page.get_by_label("Username").fill("lbauer")
    page.get_by_label("Password").fill(running.password)
    keys(page, "Enter")
    page.wait_for_url(lambda url: "/account/" not in url)
    page.clock.fast_forward("28:01")
    expect(page.get_by_role("alertdialog")).to_contain_text("signed out in two minutes")
    keys(page, "Enter")
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    context.close()
