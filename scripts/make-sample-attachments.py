#!/usr/bin/env python3
"""Makes the attachments of samples/flow1: a report as PDF and a photographed questionnaire as JPEG.

The results are committed; this runs only when they are to change. It needs python3 alone for the report, and `pdftoppm`
(poppler-utils) for the photograph.
"""

import math
import pathlib
import random
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import pdf  # noqa: E402

FLOW1 = pathlib.Path(__file__).resolve().parent.parent / "samples" / "flow1"
LEFT, RIGHT, TOP, BOTTOM = 64, 531, 760, 76

REPORT = [
    ("title", "Pedagogisk rapport"),
    ("facts", [
        ("Elev", "Vennlig Blåklokke, født 17.03.2014, 6. trinn, Eksempelskolen"),
        ("Foresatte", "Rolig Blåklokke (mor) og Tapper Lyng (far)"),
        ("Skrevet av", "Grundig Hasselnøtt, pedagogisk-psykologisk rådgiver, PPT Oslo"),
        ("Dato", "24.04.2026"),
        ("Går til", "Foreldrene, skolen og fastlegen. BUP når henvisning sendes, etter samtykke."),
    ]),
    ("heading", "1. Kort fortalt"),
    ("text", "Vennlig er en kunnskapsrik og omtenksom jente som gjennom det siste året har vært stadig mindre på skolen. Hun sier selv "
             "at hun har lyst til å være der, og at det er magen og tankene som stopper henne. Vi ser tegn på angst som hindrer "
             "skolegangen, og noe vansker med å holde på oppmerksomheten over tid. Faglig ligger hun på det forventede nivået i "
             "lesing og litt under i matematikk. Vi anbefaler at hun blir utredet i BUP, og at skolen fortsetter med tiltakene i "
             "denne rapporten så lenge."),
    ("heading", "2. Hvorfor PPT ble kontaktet"),
    ("text", "Skolen meldte saken i februar 2026 sammen med foreldrene. Fraværet hadde økt fra høsten, og skolens egne tiltak hadde "
             "hjulpet lite. Skolen ønsket en vurdering av hva som gjør skoledagen vanskelig, og råd om hva som kan gjøres."),
    ("heading", "3. Hva vi har gjort"),
    ("list", [
        "Samtale med begge foreldre 3. mars, far med tolk.",
        "Observasjon i klassen 10. og 17. mars, to timer hver gang, i norsk, matematikk og friminutt.",
        "Samtale med Vennlig alene 12. og 19. mars.",
        "Kartlegging av lesing, matematikk og arbeidsminne 24. og 26. mars.",
        "Spørreskjema om mestring og uro, fylt ut av mor 29. mars.",
        "Møte med kontaktlærer, helsesykepleier og familieteamet 14. april.",
    ]),
    ("heading", "4. Observasjon i klassen"),
    ("text", "Første time kom Vennlig ti minutter etter de andre og ble stående utenfor døren til en voksen hentet henne. Hun satt "
             "ytterst ved vinduet. Da læreren leste høyt, fulgte hun med og svarte på to spørsmål. Under gruppearbeidet ble det mer "
             "lyd, og hun la hendene over ørene to ganger. Etter tjue minutter ba hun om å få gå ut. Ute pustet hun rolig sammen med "
             "assistenten og kom tilbake etter seks minutter."),
    ("text", "I matematikk begynte hun raskt, men stoppet ofte opp og så seg rundt. Hun gjorde ferdig fire av elleve oppgaver. Feilene "
             "kom mest når oppgaven hadde flere trinn. I friminuttet var hun sammen med to venninner og virket glad og avslappet."),
    ("text", "Andre gang var klassen delt i to. Da var hun til stede hele tiden, rakte opp hånden tre ganger og hjalp en annen elev. "
             "Forskjellen mellom de to dagene var tydelig også for læreren."),
    ("heading", "5. Fravær"),
    ("text", "Fraværet er regnet i prosent av skoletimene i måneden, med tall fra skolens system."),
    ("chart", [("Aug", 4), ("Sep", 9), ("Okt", 12), ("Nov", 15), ("Des", 18), ("Jan", 27), ("Feb", 34), ("Mar", 41)]),
    ("heading", "6. Kartlegging"),
    ("text", "Tallene er plassering blant elever på samme trinn. Mellom 25 og 75 er det vanlige området."),
    ("table", [
        ("Område", "Prøve", "Plassering", "Vurdering"),
        ("Leseforståelse", "Gruppeprøve, 6. trinn", "58", "Vanlig område"),
        ("Ordlesing, tempo", "Enkeltord på tid", "49", "Vanlig område"),
        ("Rettskriving", "Diktat", "52", "Vanlig område"),
        ("Regneferdighet", "Hoderegning på tid", "31", "Vanlig område, nedre del"),
        ("Tekstoppgaver", "Flere trinn", "18", "Under vanlig område"),
        ("Arbeidsminne", "Tallrekker baklengs", "16", "Under vanlig område"),
        ("Ordforråd", "Muntlig", "71", "Vanlig område, øvre del"),
    ]),
    ("text", "Under prøvene arbeidet hun jevnt de første femten minuttene. Deretter trengte hun pauser, og hun sa at hodet ble «fullt». Med "
             "pauser holdt hun nivået. Resultatene for arbeidsminne og tekstoppgaver må derfor leses med forsiktighet."),
    ("heading", "7. Vennligs egen stemme"),
    ("text", "Vennlig fortalte at det verste er kvelden før, når hun tenker på alt som kan gå galt. Hun er redd for å kaste opp foran de "
             "andre, og for at noe skal skje med mamma eller pappa mens hun er borte. Det beste på skolen er kunst og håndverk og "
             "venninnene. Hun vil gjerne ha en voksen som møter henne ved porten, og slippe å si fra høyt når hun må ut. Hun vet at det "
             "skal sendes en henvisning, og ønsker det selv."),
    ("heading", "8. Vurdering"),
    ("text", "Vi mener at Vennlig har forutsetninger for å følge opplæringen i klassen. Det som hindrer henne, er først og fremst uro og "
             "unngåelse som har fått bygge seg opp. Lydnivå, uforutsigbare overganger og skifte av lærere gjør det verre. Delt klasse, en "
             "fast voksen og korte økter gjør det bedre. Vansker med arbeidsminne og oppmerksomhet kan henge sammen med uroen og dårlig "
             "søvn, men kan også være en egen vanske. Det ligger utenfor PPTs oppgave å avgjøre."),
    ("heading", "9. Anbefalinger"),
    ("list", [
        "BUP: utredning av angst og av oppmerksomhet, med råd til skolen om gradvis tilbakeføring.",
        "Skolen: fast voksen ved porten kl. 9, delt klasse i norsk og matematikk, avtalt tegn for pause, økter på femten minutter.",
        "Skolen: samme lærer ut skoleåret, og plan for overgangen til 7. trinn før sommeren.",
        "Helsesykepleier: fortsette ukentlige samtaler til BUP har svart.",
        "Hjemmene: samme morgenrutine begge steder, skrevet ned sammen med familieteamet.",
        "PPT: møte med skole og foreldre 3. juni, og ny vurdering av opplæringen når BUP er ferdig.",
    ]),
    ("heading", "10. Samtykke og videre bruk"),
    ("text", "Foreldrene har lest rapporten og samtykket 24.04.2026 til at den sendes fastlegen og BUP. De kan trekke samtykket tilbake ved å "
             "kontakte PPT. Spørsmål om rapporten rettes til Grundig Hasselnøtt, telefon 22 00 00 31."),
]


class Report:
    """Lays the report's blocks out over pages."""

    def __init__(self):
        self.pages, self.y = [], 0
        self.new_page()

    def new_page(self):
        self.pages.append(pdf.Page())
        self.y = TOP
        self.pages[-1].text(LEFT, 800, "PPT Oslo", 9, bold=True, grey=0.35)
        self.pages[-1].text(LEFT + 60, 800, "Pedagogisk-psykologisk tjeneste", 9, grey=0.35)
        self.pages[-1].line(LEFT, 792, RIGHT, 792, grey=0.6)

    def room(self, points):
        if self.y - points < BOTTOM:
            self.new_page()
        return self.pages[-1]

    def title(self, text):
        self.room(60).text(LEFT, self.y - 8, text, 22, bold=True)
        self.y -= 40

    def facts(self, rows):
        for name, value in rows:
            page = self.room(18)
            page.text(LEFT, self.y, name, bold=True)
            page.text(LEFT + 84, self.y, value)
            self.y -= 17
        self.y -= 6

    def heading(self, text):
        self.room(70).text(LEFT, self.y - 8, text, 13, bold=True)
        self.y -= 28

    def text(self, text, indent=0):
        for line in pdf.wrapped(text, 10.5, RIGHT - LEFT - indent):
            self.room(15).text(LEFT + indent, self.y, line)
            self.y -= 15
        self.y -= 7

    def list(self, items):
        for item in items:
            self.room(30).text(LEFT + 6, self.y, "–")
            self.text(item, indent=20)
            self.y += 4
        self.y -= 4

    def table(self, rows):
        self.room(22 * len(rows))
        columns = (LEFT, LEFT + 130, LEFT + 270, LEFT + 340)
        for number, row in enumerate(rows):
            page = self.pages[-1]
            if number == 0:
                page.box(LEFT - 4, self.y - 6, RIGHT - LEFT + 8, 20, fill=(0.90, 0.93, 0.96))
            for x, cell in zip(columns, row):
                page.text(x, self.y, cell, 10, bold=number == 0)
            page.line(LEFT - 4, self.y - 6, RIGHT + 4, self.y - 6, 0.4, grey=0.6)
            self.y -= 20
        self.y -= 6

    def chart(self, months):
        page, height = self.room(150), 100
        base, step = self.y - height - 6, (RIGHT - LEFT - 30) / len(months)
        for percent in (0, 20, 40):
            y = base + percent * height / 45
            page.line(LEFT + 24, y, RIGHT, y, 0.4, grey=0.75)
            page.text(LEFT, y - 3, f"{percent} %", 8.5, grey=0.3)
        for number, (month, percent) in enumerate(months):
            x = LEFT + 36 + number * step
            page.box(x, base, step * 0.55, percent * height / 45, fill=(0.30, 0.47, 0.66))
            page.text(x + 4, base + percent * height / 45 + 4, str(percent), 8.5)
            page.text(x + 2, base - 13, month, 9)
        self.y = base - 32

    def finished(self):
        for number, page in enumerate(self.pages, 1):
            page.line(LEFT, 56, RIGHT, 56, grey=0.6)
            page.text(LEFT, 42, "Syntetisk eksempel. Personer, nummer og steder er diktet.", 8.5, grey=0.35)
            page.text(RIGHT - 56, 42, f"Side {number} av {len(self.pages)}", 8.5, grey=0.35)
        return pdf.document(self.pages, "Pedagogisk rapport")


STATEMENTS = [
    ("Har ofte vondt i magen eller hodet", 2), ("Har minst én god venn", 2), ("Er lett å distrahere", 1),
    ("Bekymrer seg mye", 2), ("Hjelper gjerne andre", 2), ("Er redd for nye situasjoner", 2),
    ("Sover dårlig", 1), ("Gjør oppgaver ferdig", 1), ("Er ofte lei seg eller tar til tårene", 1),
    ("Blir ertet eller plaget av andre barn", 0), ("Trives på skolen", 1), ("Gråter om morgenen før skolen", 2),
]


def questionnaire(rng):
    """The paper form with a parent's pen marks."""
    page = pdf.Page()
    page.text(60, 770, "Hvordan har barnet det?", 21, bold=True)
    page.text(60, 748, "Spørreskjema til foresatte. Sett kryss for det som passer de siste seks månedene.", 10.5)
    for x, label, value in ((60, "Barnets fornavn", "Vennlig"), (250, "Alder", "12"), (350, "Fylt ut av", "mor")):
        page.text(x, 716, label + ":", 10.5)
        start = x + pdf.width(label, 10.5) + 8
        page.line(start, 712, start + 84, 712)
        written(page, start + 6, 716, value, rng)
    for column, label in enumerate(("Stemmer ikke", "Stemmer delvis", "Stemmer helt")):
        page.text(338 + column * 72, 680, label, 9, bold=True)
    for row, (statement, answer) in enumerate(STATEMENTS):
        y = 648 - row * 34
        if row % 2 == 0:
            page.box(54, y - 11, 490, 30, fill=(0.94, 0.94, 0.92))
        page.text(60, y, f"{row + 1}.", 11)
        page.text(84, y, statement, 11)
        for column in range(3):
            page.box(358 + column * 72, y - 3, 14, 14)
        cross(page, 358 + answer * 72, y - 3, rng)
    page.text(60, 226, "Noe annet vi bør vite?", 11, bold=True)
    for y in (196, 170, 144):
        page.line(60, y, 544, y, 0.5, grey=0.5)
    written(page, 66, 200, "verst mandager og etter ferier", rng)
    written(page, 66, 174, "roligere i liten gruppe", rng)
    page.text(60, 96, "Dato:", 10.5)
    page.line(96, 93, 200, 93)
    written(page, 102, 97, "29 3 26", rng)
    page.text(60, 60, "Syntetisk eksempel. Skjemaet og personene er diktet.", 8.5, grey=0.35)
    return pdf.document([page], "Spørreskjema")


def cross(page, x, y, rng):
    def near(value):
        return value + rng.uniform(-2.2, 2.2)

    page.stroke([(near(x), near(y)), (near(x + 7), near(y + 7)), (near(x + 15), near(y + 15))])
    page.stroke([(near(x), near(y + 14)), (near(x + 7), near(y + 7)), (near(x + 14), near(y - 1))])


# Pen strokes of the letters that are written by hand: points "column row" on a grid 4 wide and 6 high, rows A and B below it.
STROKES = {
    "a": ["43 33 12 01 11 32 43 31 40"], "d": ["43 12 01 10 31 46 40"], "e": ["02 42 33 13 01 10 40"], "f": ["45 26 15 10", "03 33"],
    "g": ["43 13 01 10 41 43 4A 2B 0A"], "i": ["23 20", "25 25"], "k": ["06 00", "33 02 40"], "l": ["26 21 30"],
    "m": ["03 00", "02 13 23 20", "22 33 43 40"], "n": ["03 00", "02 23 42 40"], "o": ["23 02 10 30 42 23"], "p": ["03 0B", "02 23 42 30 01"],
    "r": ["03 00", "01 23 43"], "s": ["43 13 02 41 30 00"], "t": ["26 21 40", "04 44"], "u": ["03 01 10 30 43", "43 40"],
    "v": ["03 20 43"], "V": ["06 20 46"], "1": ["04 26 20"], "2": ["05 26 45 00 40"], "3": ["05 26 45 23 41 20 01"],
    "6": ["46 13 01 20 41 32 02"], "9": ["43 13 05 26 45 40"],
}


def written(page, x, y, text, rng):
    for letter in text:
        for stroke in STROKES.get(letter, []):
            points = []
            for column, row in stroke.split():
                height = {"A": -1.5, "B": -3}.get(row)
                height = int(row) if height is None else height
                across = x + int(column) * 1.5 + height * 0.25 + rng.uniform(-0.5, 0.5)
                points.append((across, y + height * 1.9 + rng.uniform(-0.5, 0.5)))
            page.stroke(points, thickness=1.2)
        x += 9.0 + rng.uniform(-0.6, 0.6)


def photograph(form, rng):
    """A form, as PDF, seen by a telephone's camera: on a table, a little askew, unevenly lit, with a grainy sensor. JPEG bytes."""
    with tempfile.TemporaryDirectory() as folder:
        paper_pdf, stem = pathlib.Path(folder, "form.pdf"), pathlib.Path(folder, "form")
        paper_pdf.write_bytes(form)
        subprocess.run(["pdftoppm", "-r", "150", "-singlefile", paper_pdf, stem], check=True)
        _, size, _, paper = stem.with_suffix(".ppm").read_bytes().split(b"\n", 3)
        wide, high = map(int, size.split())
        columns, rows = 1200, 1600
        seen = bytearray(columns * rows * 3)
        angle = math.radians(1.7)
        cos, sin = math.cos(angle), math.sin(angle)
        grain = [rng.gauss(0, 5) for _ in range(8191)]
        for row in range(rows):
            v = row / rows - 0.5
            far = 1.10 - 0.06 * v  # the upper edge is farther away
            for column in range(columns):
                u = column / columns - 0.5
                x = (0.5 + (u * cos + v * sin * 1.33) * far) * wide
                y = (0.5 + (v * cos - u * sin * 0.75) * 1.08) * high
                light = 0.97 - 0.24 * (u * 0.8 + v * 0.6 + 0.5) ** 2
                noise = grain[(row * 7919 + column * 104729 + (row * column) % 8093) % 8191]
                at = (row * columns + column) * 3
                if 1 <= x < wide - 1 and 1 <= y < high - 1:
                    ink = (int(y) * wide + int(x)) * 3
                    below, beside = ink + wide * 3, ink + 3
                    for channel, tint in enumerate((1.0, 0.985, 0.94)):
                        value = (2 * paper[ink + channel] + paper[beside + channel] + paper[below + channel]) / 4
                        seen[at + channel] = max(0, min(255, int((12 + value * 0.93) * light * tint + noise)))
                else:
                    wood = 14 * math.sin(x * 0.045 + 5 * math.sin(y * 0.003)) + 7 * math.sin(x * 0.21)
                    for channel, colour in enumerate((122, 86, 58)):
                        seen[at + channel] = max(0, min(255, int((colour + wood) * light + noise)))
        picture = pathlib.Path(folder, "picture.pdf")
        picture.write_bytes(pdf.picture(bytes(seen), columns, rows))
        photo = pathlib.Path(folder, "photo")
        encode = ["pdftoppm", "-r", "72", "-singlefile", "-jpeg", "-jpegopt", "quality=84"]
        subprocess.run(encode + [picture, photo], check=True)
        return photo.with_suffix(".jpg").read_bytes()


def main():
    report = Report()
    for kind, content in REPORT:
        getattr(report, kind)(content)
    rng = random.Random(2026)
    for name, data in (
        ("pedagogisk-rapport.pdf", report.finished()),
        ("spoerreskjema.jpg", photograph(questionnaire(rng), rng)),
    ):
        (FLOW1 / name).write_bytes(data)
        print(f"{FLOW1 / name}: {len(data)} bytes")


if __name__ == "__main__":
    main()
