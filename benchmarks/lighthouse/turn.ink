// The turn that benchmarks/engine.py times; story.yaml beside this file tells the same.
// Compile: npx --yes --package inkjs@2.4.0 inkjs-compiler -o benchmarks/lighthouse/turn.json benchmarks/lighthouse/turn.ink
VAR oil = 4
VAR calm = 4
VAR signal = false
-> lamp

=== lamp ===
The lamp turns, and the sea turns its back.
+ {oil > 0} [Trim the wick]
    ~ oil -= 1
    ~ calm += 1
    -> stairs
+ {calm >= 2 and not signal} [Wait for the ship]
    ~ oil -= 1
    ~ calm += 1
    -> stairs
+ {oil + calm > 20} [Ring the bell]
    ~ oil -= 1
    ~ calm += 1
    -> stairs
+ {signal or calm > 1} [Go down]
    ~ oil -= 1
    ~ calm += 1
    -> stairs

=== stairs ===
A hundred and nine steps, and somebody on the lowest.
+ {calm > 0} [Call out]
    ~ oil += 1
    ~ calm -= 1
    -> lamp
+ {oil >= 2 and not signal} [Hold up the light]
    ~ oil += 1
    ~ calm -= 1
    -> lamp
+ {oil + calm > 20} [Bar the door]
    ~ oil += 1
    ~ calm -= 1
    -> lamp
+ {signal or oil > 1} [Go back up]
    ~ oil += 1
    ~ calm -= 1
    -> lamp
