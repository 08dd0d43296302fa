"""A mail server that others wrote (aiosmtpd), for tests: prints its port, and writes each mail that it took as a JSON file, read
by Python's own mail parser. Ends when its standard input does."""
import argparse, asyncio, email, email.policy, json, os, ssl, sys
from aiosmtpd.smtp import SMTP, AuthResult

options = argparse.ArgumentParser()
options.add_argument("--folder", required=True)
options.add_argument("--mode", choices=["plain", "starttls", "smtps"], required=True)
options.add_argument("--certificate")
options.add_argument("--key")
options.add_argument("--user")
options.add_argument("--password")
options.add_argument("--refuse", default="", help="answer 550 to this recipient")
options.add_argument("--later", default="", help="answer 451 to this recipient")
options = options.parse_args()


class Handler:
    count = 0

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address == options.refuse:
            return "550 5.1.1 no such user"
        if address == options.later:
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = mail.get_content()
        self.count += 1
        name = os.path.join(options.folder, f"{self.count:04}.json")
        with open(name + ".part", "w") as file:
            json.dump({
                "from": envelope.mail_from, "to": envelope.rcpt_tos, "hello": session.host_name,
                # aiosmtpd notes what STARTTLS brought; a connection that began with TLS knows it by itself.
                "isSecure": session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None,
                "isLoggedIn": bool(session.authenticated),
                "headers": [[key, str(value)] for key, value in mail.items()],
                "date": mail["Date"].datetime.isoformat() if mail["Date"] and mail["Date"].datetime else None,
                "text": body, "defects": [str(defect) for defect in mail.defects]
                + [str(defect) for key in mail.keys() for defect in getattr(mail[key], "defects", [])],
                "longestLine": max(len(line) for line in envelope.content.split(b"\r\n")),
                "isASCII": all(byte < 128 for byte in envelope.content),
                "hasBareNewline": b"\n" in envelope.content.replace(b"\r\n", b""),
            }, file)
        os.rename(name + ".part", name)
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    known = data.login == options.user.encode() and data.password == options.password.encode()
    return AuthResult(success=known, handled=False if not known else True)


def protocol():
    context = None
    if options.mode == "starttls":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.certificate, options.key)
    needs = options.user is not None
    return SMTP(
        Handler.shared, hostname="mail.test", tls_context=context, require_starttls=options.mode == "starttls",
        authenticator=authenticate if needs else None, auth_required=needs, auth_require_tls=options.mode == "starttls")


async def main():
    Handler.shared = Handler()
    context = None
    if options.mode == "smtps":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options.certificate, options.key)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())
