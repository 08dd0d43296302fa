"""Two nodes on this machine: folders, keys and a registry, made once and copied for each run.

`gp` hosts four GP's offices, `bup` two services of a hospital. Between them there is one agreement of each kind:
strong and national, with receipts in the answer and as messages of their own.
"""

import json
import os
import shutil
import socket
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# HER-id of the person, of the office, organisation number, key set of the test PKI, protection, route of signals.
OFFICES = {
    "80000601": ("80000600", "314000005", "rsa2048", "strong", "synchronous"),
    "80000611": ("80000610", "314000048", "", "national", "separate"),
    "80000621": ("80000620", "314000056", "", "national", "synchronous"),
    "80000631": ("80000630", "314000072", "p256", "strong", "separate"),
}
HOSPITAL = ("80000400", "314000013", "rsa2048")
SERVICES = ["80000401", "80000402"]
HOSTED = {"gp": list(OFFICES), "bup": SERVICES}
# What arrives for this one waits in the inbox until somebody saves it; all others' is filed.
INBOX = "80000402"


def organisations(name):
    """(organisation number, key set) of those that a node has keys of."""
    if name == "bup":
        return [HOSPITAL[1:]]
    return [(number, keys) for _, number, keys, _, _ in OFFICES.values()]


class Template:
    """The folders that every run starts from."""

    def __init__(self, program, work, settings=None):
        self.program, self.work, self.settings = program, work, settings or {}
        self.folder = os.path.join(work, "template")
        self.pki = os.path.join(work, "pki")

    def make(self):
        script = os.path.join(ROOT, "certs-test", "make.sh")
        subprocess.run(["bash", script, self.pki], check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(os.path.join(self.folder, "nodes"), mode=0o700)
        for name in HOSTED:
            self._node(name)
        self._registry()
        for name, ports in [(name, {"gp": 1, "bup": 2}) for name in HOSTED]:
            self._store(name, ports)
        return self

    def _store(self, name, ports):
        """The store as it is before the first message, so that no run has to make its tables; see `fresh` in `copy`."""
        made = self.copy(os.path.join(self.work, "making"), ports)[name]
        subprocess.run([self.program, "inbox", "list", "--node", made], check=True, stdout=subprocess.DEVNULL)
        store = os.path.join(self.folder, "nodes", name, "store")
        shutil.rmtree(store, ignore_errors=True)
        shutil.copytree(os.path.join(made, "store"), store)
        shutil.rmtree(os.path.join(self.work, "making"))

    def _node(self, name):
        node = os.path.join(self.folder, "nodes", name)
        subprocess.run([self.program, "init", node], check=True, stdout=subprocess.DEVNULL)
        for number, keys in organisations(name):
            own = os.path.join(node, "keys", number)
            os.makedirs(own, mode=0o700)
            for file in ["signing.key", "signing.crt", "encryption.key", "encryption.crt"]:
                shutil.copy(os.path.join(self.pki, number, keys, file), own)
        copies = {"tls/server.crt": "keys/tls.crt", "tls/server.key": "keys/tls.key", "tls/ca.crt": "trust/tls.crt",
                  "ca/root.crt": "trust/roots/root.crt", "ca/issuing.crt": "trust/intermediates/issuing.crt",
                  "ca/root.crl": "trust/crl/root.crl", "ca/issuing.crl": "trust/crl/issuing.crl"}
        for source, target in copies.items():
            shutil.copy(os.path.join(self.pki, source), os.path.join(node, target))
        sections = {
            "node": {"name": name, "environment": "test"},
            "parties": {"hosted": json.dumps(HOSTED[name])},
            "http": {"certificate": "keys/tls.crt", "key": "keys/tls.key"},
            "registry": {"file": "../registry.json"},
            "delivery": {"caFile": "trust/tls.crt", "firstRetrySeconds": 1, "longestRetrySeconds": 1, "connectSeconds": 5,
                         "stallSeconds": 10, "attemptSeconds": 30},
            "filing": {"mode": "folder", "folder": "filed", "parties": json.dumps([INBOX + "=inbox"])},
        }
        for key, value in self.settings.items():
            section, setting = key.split(".")
            sections.setdefault(section, {})[setting] = value
        with open(os.path.join(node, "msggw.yaml"), "w") as file:
            for section, values in sections.items():
                file.write(section + ":\n" + "".join("  %s: %s\n" % item for item in values.items()))

    def _registry(self):
        with open(os.path.join(ROOT, "samples", "registry", "oslo.json"), encoding="utf-8") as file:
            registry = json.load(file)
        offices = {office: (number, keys) for office, number, keys, _, _ in OFFICES.values()}
        offices[HOSPITAL[0]] = HOSPITAL[1:]
        for party in registry["parties"]:
            if party["herId"] in offices:
                number, keys = offices[party["herId"]]
                party["certificates"] = {
                    use: [os.path.join(self.pki, number, keys, use + ".crt")] for use in ["signing", "encryption"]}
                party["endpoint"] = "https://127.0.0.1:{%s}/ebxml" % ("bup" if party["herId"] == HOSPITAL[0] else "gp")
                party["capabilities"]["protections"] = ["strong", "national"]
        ways = {office: (protection, signals) for office, _, _, protection, signals in OFFICES.values()}
        registry["agreements"] = [
            {"cpaId": "crash-%s-%s" % (HOSPITAL[0], office), "parties": [HOSPITAL[0], office], "protection": protection,
             "signals": signals} for office, (protection, signals) in ways.items()]
        with open(os.path.join(self.folder, "nodes", "registry.json"), "w", encoding="utf-8") as file:
            json.dump(registry, file, ensure_ascii=False, indent=1)

    def copy(self, folder, ports, fresh=False):
        """The nodes' folders for one run, below `folder`/nodes. `fresh` ones have an empty store."""
        source, target = os.path.join(self.folder, "nodes"), os.path.join(folder, "nodes")
        shutil.copytree(source, target, dirs_exist_ok=True)
        path = os.path.join(target, "registry.json")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for name, port in ports.items():
            text = text.replace("{%s}" % name, str(port))
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        folders = {name: os.path.join(target, name) for name in HOSTED}
        for node in folders.values() if fresh else []:
            shutil.rmtree(os.path.join(node, "store"))
            os.mkdir(os.path.join(node, "store"), mode=0o700)
        return folders


def signing_certificate(pki, party):
    """Certificate file with which the node of `party` signs."""
    if party in OFFICES:
        _, number, keys, _, _ = OFFICES[party]
    else:
        _, number, keys = HOSPITAL
    return os.path.join(pki, number, keys, "signing.crt")


def free_port(start):
    """A port that nobody listens on, at or after `start`, below those that the system gives to outgoing connections."""
    for port in range(start, 32000):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError("no free port from %d" % start)
