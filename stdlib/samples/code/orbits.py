"""Planets on circles around a sun, each slower than the one inside of it."""

import math

import skia


def draw(canvas, t, given):
    x, y = given.width / 2, given.height / 2
    planets = given.arguments["planets"]
    step = min(x, y) / (planets + 1)
    path = skia.Paint(AntiAlias=True, Color=given.color("rule"), Style=skia.Paint.kStroke_Style, StrokeWidth=3)
    planet = skia.Paint(AntiAlias=True, Color=given.color("accent"))
    for number in range(1, planets + 1):
        radius = step * (number + 0.4)
        turn = 2 * math.pi * t / given.length * planets / number - math.pi / 3 * number
        canvas.drawCircle(x, y, radius, path)
        canvas.drawCircle(x + radius * math.cos(turn), y + radius * math.sin(turn), step / 6, planet)
    canvas.drawCircle(x, y, step / 2, skia.Paint(AntiAlias=True, Color=given.color("warm")))
