"""Django settings, from the environment."""

SECRET_KEY = "placeholder"
INSTALLED_APPS: list[str] = []
USE_TZ = True
