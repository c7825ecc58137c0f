"""Writes an nginx.conf for an ordinary user around the same snippets as the production site, and runs nginx with it.

nginx runs as one process (`master_process off`): whoever kills it kills all of it, and started by root it stays able to
reach sockets in a private folder.
"""
import pathlib
import shutil

from processes import port_is_taken, start, wait_until

SNIPPETS = pathlib.Path(__file__).resolve().parents[1] / "nginx" / "snippets"

_FRAME = """\
daemon off;
master_process off;
worker_rlimit_nofile 8192;
pid nginx.pid;
error_log error.log notice;
events {{ worker_connections 4096; }}
http {{
    access_log off;  # every path here is relative to this file: a folder may have any name
    client_body_temp_path body;
    fastcgi_temp_path fastcgi;
    proxy_temp_path proxy;
    scgi_temp_path scgi;
    uwsgi_temp_path uwsgi;
    default_type application/octet-stream;
{blocks}}}
"""

_GATEWAY = """\
    upstream {upstream} {{
{servers}    }}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        fastcgi_next_upstream {next_upstream};
        include snippets/{snippet};
    }}
"""

# The snippet names one upstream; several gateways and emulators get one copy each.
_EMULATOR = """\
    upstream {upstream} {{ server unix:{socket}; }}
    server {{
        listen 127.0.0.1:{port}{tls};
{certificate}        include snippets/{snippet};
    }}
"""


class Nginx:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        (self.folder / "snippets").mkdir(parents=True, exist_ok=True)
        for snippet in SNIPPETS.glob("*.conf"):
            shutil.copy(snippet, self.folder / "snippets")
        self.blocks, self.ports, self.process = [], [], None

    def add_gateway(self, port, *sockets, name="fiscalgate"):
        """Several sockets: any of the nodes behind them. Whoever refuses to be connected is passed over, and left alone for
        a second; a request that has been sent is never sent to another."""
        snippet = f"{name}-gateway.conf"
        if name != "fiscalgate" or len(sockets) > 1:
            snippet = self.copy_gateway_snippets(name)
        one = " max_fails=1 fail_timeout=1s" if len(sockets) > 1 else ""
        servers = "".join(f"        server unix:{socket}{one};\n" for socket in sockets)
        self.blocks.append(_GATEWAY.format(port=port, upstream=name, servers=servers, snippet=snippet,
                                           next_upstream="error" if len(sockets) > 1 else "off"))
        self.ports.append(port)

    def copy_gateway_snippets(self, name):
        for part in ("gateway", "fastcgi"):
            text = (SNIPPETS / f"fiscalgate-{part}.conf").read_text(encoding="utf-8")
            text = (text.replace("fastcgi_pass fiscalgate;", f"fastcgi_pass {name};")
                    .replace("snippets/fiscalgate-fastcgi.conf", f"snippets/{name}-nodes-fastcgi.conf"))
            (self.folder / "snippets" / f"{name}-nodes-{part}.conf").write_text(text, encoding="utf-8")
        return f"{name}-nodes-gateway.conf"

    def add_emulator(self, port, socket, name="fiscalgate_emulator", tls_port=None, certificate=None, key=None,
                     client_authority=None, kind="fiscalgate-emulator.conf"):
        """Over TLS too, where a port and a certificate are given; the emulator is told of the client's certificate."""
        snippet = f"{name}.conf"
        text = (SNIPPETS / kind).read_text(encoding="utf-8")
        (self.folder / "snippets" / snippet).write_text(text.replace("fiscalgate_emulator", name), encoding="utf-8")
        self.blocks.append(_EMULATOR.format(port=port, socket=socket, upstream=name, snippet=snippet, tls="", certificate=""))
        self.ports.append(port)
        if tls_port:
            lines = f"        ssl_certificate {certificate};\n        ssl_certificate_key {key};\n"
            if client_authority:
                lines += f"        ssl_client_certificate {client_authority};\n        ssl_verify_client optional;\n"
            block = _EMULATOR.format(port=tls_port, socket=socket, upstream=name, snippet=snippet, tls=" ssl",
                                     certificate=lines)
            self.blocks.append(block.split("\n", 1)[1])  # the upstream is there already
            self.ports.append(tls_port)

    def start(self, cwd):
        """`cwd` is what relative socket paths are relative to: a deep folder would not fit into a socket's name."""
        conf = self.folder / "nginx.conf"
        conf.write_text(_FRAME.format(blocks="".join(self.blocks)), encoding="utf-8")
        self.process = start(["nginx", "-p", self.folder, "-c", conf, "-e", self.folder / "error.log"],
                             self.folder / "error.log", cwd=cwd, env={"PATH": "/usr/sbin:/usr/local/sbin:/usr/bin:/bin"})
        wait_until(lambda: all(port_is_taken(port) for port in self.ports), 10, "nginx listening", alive=[self.process])
        return self.process

    def kill(self):
        self.process.kill()
        self.process.wait()
