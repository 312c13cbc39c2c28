"""Stories small enough to know by heart."""

from __future__ import annotations

CROSSROADS = """\
title: Crossroads
synopsis: Left, right, or wait.
genres: [test]
rating: all
language: en
variables:
  coins: {type: integer, from: 0, to: 9, start: 0}
  lamp: {type: flag, keep: true}
  name: {type: text, length: 12, start: nobody}
episodes:
  one:
    title: The first mile
    scenes:
      fork:
        title: The fork
        lines:
          - {narrator: "Left or right, {name}?", id: ask}
        choices:
          left: {label: Go left, do: [coins += 1], to: hall}
          right: {label: Go right, do: [lamp = true], to: clearing}
          sign: {label: Sign your name, ask: name, to: clearing}
          whisper: {label: Whisper to the butler, if: coins > 8, to: dawn}
          gate: {label: Open the gate, if: lamp, else: locked, to: dawn}
      hall:
        title: The hall
        lines: [{narrator: A long hall., id: hall}]
        to: clock
      clock:
        title: The clock
        lines: [{narrator: It ticks., id: clock}]
        within: 5s
        default: listen
        choices:
          run: {label: Run, to: fork}
          listen: {label: Listen, do: [coins += 1], to: doze}
      doze:
        title: Half asleep
        lines: [{narrator: Your eyes close., id: doze}]
        within: 5s
        default: sleep
        choices:
          wake: {label: Wake up, to: fork}
          sleep: {label: Sleep on, to: clearing}
      clearing:
        title: The clearing
        lines: [{narrator: "{coins} coins.", id: count}]
        choices:
          back: {label: Go back, to: fork}
          on: {label: Go on, to: morning}
  two:
    title: The second mile
    scenes:
      morning:
        title: Morning
        lines: [{narrator: Light., id: light}]
        to: dawn
      dawn:
        title: Secretly the butler
        lines: [{narrator: It was he., id: he}]
        ending: {title: The butler, kind: happy}
"""
"""A fork, a chain of two scenes, two clocks in a row, a typed answer, a hidden and a locked choice, one ending."""

CROSSROADS_ES = """\
title: Encrucijada
scene/fork: El cruce
scene/fork/line/ask: "¿Izquierda o derecha, {name}?"
scene/fork/choice/left: Ir a la izquierda
"""

BROKEN = """\
title: Broken
synopsis: It leads nowhere.
genres: [test]
rating: all
language: en
episodes:
  one:
    title: One
    scenes:
      start: {choices: {go: {label: Go, to: nowhere}}}
"""
