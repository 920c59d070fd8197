"""Makes the pictures of this folder and texts.json: lines in different fonts, sizes and angles. Needs Pillow, and the fonts of
Debian's fonts-dejavu-core, fonts-liberation2 or gsfonts (URW); run by hand."""
import json

from PIL import Image, ImageDraw, ImageFont

DEJAVU = "/usr/share/fonts/truetype/dejavu/"
URW = "/usr/share/fonts/opentype/urw-base35/"

PAGES = {
  "receipt": (["CORNER STORE", "12 High Street, Springfield", "Bread        2.40", "Milk 1L      1.15", "Apples       3.80", "Cheese       6.25", "TOTAL       13.60", "Paid by card **** 4321", "Thank you, come again!"],
              DEJAVU + "DejaVuSansMono.ttf", 24, 0),
  "serif": (["The quick brown fox jumps", "over the lazy dog, and then", "runs away from 17 hounds."], DEJAVU + "DejaVuSerif.ttf", 30, 0),
  "bold": (["PLATFORM 9", "Departures to London", "leave at 10:45 and 11:20"], DEJAVU + "DejaVuSans-Bold.ttf", 36, 0),
  "small": (["Small print is what nobody reads until it", "is too late: terms and conditions apply,", "offers end on 31 December 2026, and no", "refunds are given without this ticket."], DEJAVU + "DejaVuSans.ttf", 15, 0),
  "italic": (["A letter in a slanted hand", "arrived on Tuesday morning"], URW + "P052-Italic.otf", 34, 0),
  "narrow": (["Narrow letters save paper", "but cost the eyes of readers"], URW + "NimbusSansNarrow-Regular.otf", 32, 0),
  "book": (["It was the best of times,", "it was the worst of times"], URW + "C059-Roman.otf", 30, 0),
  "tilted": (["This page was scanned askew", "by a machine in a hurry"], DEJAVU + "DejaVuSans.ttf", 28, 4),
  "tilted-back": (["Another one leans the other", "way, as posters often do"], URW + "NimbusSans-Regular.otf", 30, -6),
  "steep": (["Climbing uphill", "line by line"], DEJAVU + "DejaVuSans-Bold.ttf", 34, 15),
  "upside-down": (["Held the wrong way round", "this is still readable"], DEJAVU + "DejaVuSans.ttf", 28, 180),
}


def draw(lines, font, size, angle):
  face = ImageFont.truetype(font, size)
  step = int(size * 1.7)
  width = max(int(face.getlength(line)) for line in lines) + 80
  page = Image.new("RGB", (width, step * len(lines) + 60), (250, 249, 244))
  canvas = ImageDraw.Draw(page)
  for i, line in enumerate(lines):
    canvas.text((40, 30 + i * step), line, font=face, fill=(30, 28, 34))
  return page.rotate(angle, resample=Image.BICUBIC, expand=True, fillcolor=(250, 249, 244)) if angle else page


texts = {}
for name, (lines, font, size, angle) in PAGES.items():
  draw(lines, font, size, angle).convert("L" if name != "bold" else "RGB").quantize(64).save(f"{name}.png", optimize=True)
  texts[name] = [" ".join(line.split()) for line in lines]
with open("texts.json", "w", encoding="utf-8") as file:
  json.dump(texts, file, indent=2)
  file.write("\n")
