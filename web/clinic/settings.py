"""The settings of a clinic. What differs between clinics comes from the environment; every default is the safe one.

| variable | says |
|---|---|
| `LEVAMEN_DATA` | folder of the embedded database and of the secret key (default `var` beside the project) |
| `LEVAMEN_DATABASE_URL` | `postgresql://…`; absent, the embedded SQLite database |
| `LEVAMEN_SECRET_KEY` | absent, a key made at first start and kept in the data folder |
| `LEVAMEN_HOSTS` | names under which the clinic is reached, comma separated (default this machine only) |
| `LEVAMEN_HTTPS` | `no` only for a clinic that is reached on this machine alone |
| `LEVAMEN_NIGHT_CHECK` | from when on the worker examines the next day's procedures, local time (default 02:00) |
| `LEVAMEN_SAMPLE` | `yes` for the synthetic sample clinic: its own clock; a second factor is offered, not demanded |
"""

from __future__ import annotations

import os
from datetime import time
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from clinic.secret import secret_key

WEB = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("LEVAMEN_DATA") or WEB.parent / "var").resolve()
HTTPS = os.environ.get("LEVAMEN_HTTPS", "yes") != "no"
SAMPLE = os.environ.get("LEVAMEN_SAMPLE") == "yes"
NIGHT_CHECK = time.fromisoformat(os.environ.get("LEVAMEN_NIGHT_CHECK", "02:00"))

SECRET_KEY = os.environ.get("LEVAMEN_SECRET_KEY") or secret_key(DATA)
DEBUG = False
ALLOWED_HOSTS = [name for name in os.environ.get("LEVAMEN_HOSTS", "127.0.0.1,localhost").split(",") if name]
CSRF_TRUSTED_ORIGINS = [f"{'https' if HTTPS else 'http'}://{name}" for name in ALLOWED_HOSTS] if HTTPS else []

INSTALLED_APPS = [
    "ui",  # first: its templates stand before those of the account package
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "people",
    "audit",
    "administration",
    "records",
    "team",
    "procedures",
    "options",
    "follow_up",
    "authorizations",
    "results",
    "worklists",
    "devices",
    "intake",
    "sample",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "clinic.middleware.PrivatePages",
    "clinic.middleware.DatabaseThatFails",
    "clinic.middleware.OneClinic",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "people.middleware.KnownRoutesOnly",
    "clinic.middleware.PlainText",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["ui.templatetags.ui", "records.templatetags.records"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ui.context.everywhere",
            ],
        },
    }
]
FORM_RENDERER = "ui.forms.Renderer"

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": str(DATA / "clinic.sqlite3"),
    "OPTIONS": {
        # A write takes its lock at once, or two that read first would both fail; what was acknowledged is on the disk.
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA temp_store=MEMORY;",
        "timeout": 20,
    },
}
_URL = os.environ.get("LEVAMEN_DATABASE_URL")
DATABASES = {"default": dj_database_url.parse(_URL, conn_max_age=600) if _URL else SQLITE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# people
AUTH_USER_MODEL = "people.Staff"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_FORMS = {"login": "people.accounts.SignIn"}
ACCOUNT_ADAPTER = "people.accounts.ClosedAccounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip"}  # a clinic is one address; an account is locked by axes, below
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Levamen"
MFA_TOTP_TOLERANCE = 1  # a phone may be half a minute off
SECOND_FACTOR_DEMANDED = not SAMPLE
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # by address too would lock a whole clinic out behind its one router
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "people.accounts.locked_out"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_SENSITIVE_PARAMETERS = ["username", "password", "login"]
AXES_VERBOSE = False

# sessions and cookies
SESSION_COOKIE_AGE = 30 * 60
SESSION_COOKIE_NAME = "levamen_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# what a browser may do with a page: nothing inline, nothing from elsewhere
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# files
STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_ROOT = WEB / "ui" / "root"  # the service worker, which has to stand above what it serves
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# words and times
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

# A log line names the route and never what a patient's record says.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
