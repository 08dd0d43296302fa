"""A small PDF writer: pages of text, lines and boxes in the standard Helvetica fonts, nothing but the standard library."""

import zlib

_ASCII = (  # Helvetica's widths from space to tilde, in thousandths
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584"
    " 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278"
    " 278 278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500"
    " 500 334 260 334 584"
)
_WIDTHS = {chr(32 + i): int(w) for i, w in enumerate(_ASCII.split())}
_WIDTHS |= {"æ": 889, "ø": 611, "å": 556, "Æ": 1000, "Ø": 778, "Å": 667, "é": 556, "–": 556, "«": 556, "»": 556}


def width(text, size, bold=False):
    """How wide a line is, in points. Bold is a little wider; the estimate errs on the safe side."""
    return sum(_WIDTHS[c] for c in text) * size / 1000 * (1.07 if bold else 1)


def wrapped(text, size, room):
    """The lines of a paragraph that fit into `room` points."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if width(longer, size) > room and line:
            lines.append(line)
            longer = word
        line = longer
    return lines + [line]


class Page:
    """One A4 page; the origin is the lower left corner, lengths are points."""

    WIDTH, HEIGHT = 595, 842

    def __init__(self):
        self.drawing = []

    def text(self, x, y, text, size=10.5, bold=False, grey=0.0):
        escaped = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        font = b"F2" if bold else b"F1"
        self.drawing.append(b"BT %.2f g /%s %.1f Tf %.1f %.1f Td (%s) Tj ET" % (grey, font, size, x, y, escaped))

    def line(self, x1, y1, x2, y2, thickness=0.6, grey=0.0):
        self.drawing.append(b"%.2f G %.1f w %.1f %.1f m %.1f %.1f l S" % (grey, thickness, x1, y1, x2, y2))

    def box(self, x, y, w, h, fill=None):
        if fill is None:
            self.drawing.append(b"0 G 0.8 w %.1f %.1f %.1f %.1f re S" % (x, y, w, h))
        else:
            self.drawing.append(b"%.2f %.2f %.2f rg %.1f %.1f %.1f %.1f re f" % (*fill, x, y, w, h))

    def stroke(self, points, ink=(0.10, 0.15, 0.55), thickness=1.7):
        """A pen stroke through the points."""
        path = b" ".join(b"%.1f %.1f %s" % (x, y, b"l" if i else b"m") for i, (x, y) in enumerate(points))
        self.drawing.append(b"q 1 J 1 j %.2f %.2f %.2f RG %.1f w %s S Q" % (*ink, thickness, path))


def document(pages, title):
    """The bytes of a PDF of these pages. The same pages give the same bytes."""
    kids = b" ".join(b"%d 0 R" % (6 + 2 * i) for i in range(len(pages)))
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (nb-NO) >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        font % b"Helvetica",
        font % b"Helvetica-Bold",
        b"<< /Title (%s) /Producer (msggw samples) >>" % title.encode("cp1252"),
    ]
    for i, page in enumerate(pages):
        content = zlib.compress(b"\n".join(page.drawing), 9)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % (page.WIDTH, page.HEIGHT, 7 + 2 * i)
        )
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content))
    return _file(objects, info=5)


def picture(pixels, columns, rows):
    """A PDF whose one page is an RGB picture, one point for each pixel."""
    data = zlib.compress(pixels, 6)
    content = b"%d 0 0 %d 0 0 cm /P Do" % (columns, rows)
    return _file([
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R /Resources << /XObject << /P 5 0 R >> >> >>"
        % (columns, rows),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8"
        b" /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (columns, rows, len(data), data),
    ])


def _file(objects, info=None):
    out, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    about = b" /Info %d 0 R" % info if info else b""
    out += b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, about, start)
    return bytes(out)
