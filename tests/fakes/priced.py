"""A story that is sold by the episode."""

from __future__ import annotations

TOLLGATE = """\
title: Tollgate
language: en
rating: 16+
protect: true
variables:
  brave: {type: flag, keep: true}
episodes:
  street:
    title: The street
    scenes:
      corner:
        lines: [{narrator: A corner., id: corner}]
        choices:
          knock: {label: Knock, do: [brave = true], to: porch}
          tunnel: {label: Take the tunnel, to: cellar}
          steal: {label: Steal in, to: loft}
          walk: {label: Walk on, to: park}
          guess: {label: Guess, route: [{random: [{to: park}, {to: loft}, {to: cellar}]}]}
      porch: {lines: [{narrator: The door opens., id: porch}], to: lobby}
      park:
        lines: [{narrator: A park., id: park}]
        within: 9s
        default: turn
        choices:
          turn: {label: Turn back, to: corner}
          rest: {label: Rest, to: bench}
      bench: {ending: {title: The bench, kind: open}}
      quay:
        lines: [{narrator: The quay., id: quay}]
        choices:
          home: {label: Go home, to: corner}
  house:
    title: The house
    price: 50
    scenes:
      lobby: {clip: clips/lobby.mp4, lines: [{narrator: A lobby., id: lobby}], to: stairs}
      stairs:
        lines: [{narrator: Stairs., id: stairs}]
        within: 5s
        default: linger
        choices:
          up: {label: Go up, to: vault}
          linger: {label: Linger, to: stairs}
          out: {label: Go out, to: corner}
      cellar: {lines: [{narrator: A cellar., id: cellar}], to: vault}
      loft: {ending: {title: The loft, kind: secret}}
  bank:
    title: The bank
    price: 70
    scenes:
      vault: {lines: [{narrator: A vault., id: vault}], to: quay}
"""
"""A free street; a house for 50 with a clock in it; a bank for 70 that leads back out. `tunnel` runs through both."""

TOLLGATE_ES = """\
title: La barrera
episode/house: La casa
"""
