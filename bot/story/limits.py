"""How large a story may be. Story files are data from strangers, so every size has a cap."""

MAX_FILE_BYTES = 512 * 1024
"""One YAML file. The largest known interactive film, written out, is about 300 KiB."""

MAX_STORY_BYTES = 4 * 1024 * 1024
"""All the YAML files of a story, string tables included."""

MAX_FILES = 200
MAX_DEPTH = 24
"""Mappings and lists inside one another."""

MAX_NODES = 20_000
"""Scalars, lists and mappings in one file. A scene takes about 25, and each of them some 200 bytes of memory."""

MAX_STORY_NODES = 60_000
"""The same, of all files of a story together."""

MAX_ENTRIES = 5_000
"""Entries of one mapping: the texts of a string table are the most that anybody needs."""

MAX_LANGUAGES = 40
MAX_FILLED = 4 * 1024 * 1024
"""Characters of all texts that names were filled into: a short text can name a long name many times."""

MAX_TEXT = 2_000
"""Characters of any single text. A chat message holds 4,096, a clip's caption 1,024."""

MAX_NAME = 120
"""Characters of a title or of the name of a cast member."""

MAX_LABEL = 64
"""Characters of a button's label."""

READABLE_LABEL = 40
"""Characters of a label that show on a narrow phone; Discord's own cap is 80, Telegram wraps at about this."""

MAX_ID = 32
"""Characters of an id. A Telegram button carries 64 bytes: session, revision, choice and signature."""

MAX_SCENES = 2_000
MAX_VARIABLES = 200
MAX_CHOICES = 8
"""Choices of one scene."""

MAX_LINES = 24
"""Lines of one scene."""

MAX_CANDIDATES = 1_000
"""Candidates of a route, with those of the routes it names written out: what one step may have to try."""

MAX_ROUTE_DEPTH = 24
"""Routes inside one another, named ones too."""

MAX_CHAIN = 64
"""Scenes that may follow one another without a choice; a longer chain is taken for a circle and stops as stuck."""

MAX_EXPRESSION = 400
"""Characters of a condition or an effect."""

MAX_EXPRESSION_DEPTH = 24
MAX_INTEGER = 1_000_000
"""Largest integer, either sign, in a literal or a bound."""

MAX_TEXT_VALUE = 80
"""Longest text a variable can hold."""

MAX_PRICE = 10_000
"""Telegram Stars that one episode may cost."""

MAX_PROBLEMS = 100
"""Problems reported for one story; reading stops there."""

MIN_CLIP_SECONDS, MAX_CLIP_SECONDS = 3, 120
"""What a clip may last."""
