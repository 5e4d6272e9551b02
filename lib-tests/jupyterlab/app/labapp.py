"""Serves the JupyterLab that front-end.ts builds, by the jupyter-server and jupyterlab-server of this machine.

    python3 labapp.py [options of jupyter lab]

Environment: LAB_FRONT_END, the folder of the built front end; LAB_STATE, a folder for settings and workspaces.
"""

import json
import os
import sys

from jupyter_server.base.handlers import JupyterHandler
from jupyterlab_server import LabServerApp
from tornado import web, websocket

FRONT_END = os.environ["LAB_FRONT_END"]
STATE = os.environ["LAB_STATE"]


class Me(JupyterHandler):
    """/api/me of jupyter-server 2, which JupyterLab 4 asks for and jupyter-server 1 has not."""

    @web.authenticated
    def get(self):
        name = "test"
        identity = {
            "username": name,
            "name": name,
            "display_name": name,
            "initials": "T",
            "avatar_url": None,
            "color": None,
        }
        self.finish(json.dumps({"identity": identity, "permissions": {}}))


class Events(websocket.WebSocketHandler):
    """/api/events/subscribe of jupyter-server 2: accepts, and never sends."""


class LabApp(LabServerApp):
    name = "lab"
    app_name = "JupyterLab"
    app_version = "0.0.1"
    app_url = extension_url = default_url = "/lab"
    load_other_extensions = False
    labextensions_path = []  # none of this machine's
    static_dir = FRONT_END
    schemas_dir = os.path.join(FRONT_END, "schemas")
    themes_dir = os.path.join(FRONT_END, "themes")
    templates_dir = os.path.join(os.path.dirname(os.path.abspath(__file__)), "templates")
    app_settings_dir = os.path.join(STATE, "app_settings")
    user_settings_dir = os.path.join(STATE, "user_settings")
    workspaces_dir = os.path.join(STATE, "workspaces")

    def initialize_handlers(self):
        self.handlers += [(r"/api/me", Me), (r"/api/events/subscribe", Events)]
        super().initialize_handlers()


def _jupyter_server_extension_points():
    return [{"module": __name__, "app": LabApp}]


if __name__ == "__main__":
    for folder in (LabApp.app_settings_dir, LabApp.user_settings_dir, LabApp.workspaces_dir):
        os.makedirs(folder, exist_ok=True)
    with open(os.path.join(LabApp.app_settings_dir, "overrides.json"), "w", encoding="utf-8") as file:
        # else a fresh JupyterLab asks whether to fetch news, and looks for updates
        notifications = {"fetchNews": "false", "checkForUpdates": False}
        json.dump({"@jupyterlab/apputils-extension:notification": notifications}, file)
    LabApp.launch_instance(sys.argv[1:])
