"""Headings of boxes and words of menus, for `noise`; the form is that of `phrases`."""

# Headings of boxes with other articles, comments and the like.
LABELS = r"""
(?:related|recommended|popular|trending|latest|top|more|must) (?:<items>)(?: (?:from|on|in
    |about)\b.{1,40})?
(?:further|other|recent) (?:news|stories|articles|posts)|more (?:topics|reading)
most (?:read|popular|viewed|shared|commented)(?: (?:<items>|today|this week|now|in .{1,20}))?
trending(?: now)?
recommended(?: (?:for you|from .{1,30}))?|related
more (?:from|by) (?-i:[A-Z]).{1,60}|more on this(?: story| topic)?
editor[’']?s[’']? (?:picks?|choice)
up next|read (?:this )?next|must reads?
you (?:may|might) (?:also )?(?:like|enjoy|be interested in)|you may like|people are also reading
what to read next
(?:explore )?more on these topics|popular (?:now|today|this week)|see more on.{0,60}
from our partners|around the web|hot network questions
(?:check out|see) (?:these|our other) <items>|discussion about this post|member discussion
related questions
"""

# Words of buttons and of menus about the site itself; the two are noise only among noise.
BUTTONS = r"""
home|menu|index|about(?: (?:us|me|this site))?|contact(?: us)?|help(?: cent(?:er|re))?|faqs?
status|careers|press|privacy|terms(?: (?:and|&) conditions)?|legal(?: notice)?|accessibility
imprint|disclaimers?|disclosure|site ?map|mobile view|advertise(?: with us)?|work with us|donate
account|cart(?: \(\d+\))?|profile|settings|notifications|search|search the site|close|toggle|show
hide|next|previous|prev|start here|get started|site information navigation
(?:main |post )?navigation|main page|random article|talk|mobile app|today[’']s paper|e-?paper
e-?edition|guestbook|top highlight|text to speech|collection notice
sign ?up|sign ?in|log ?in|log ?out|register|subscribe|join|follow|following|listen|share|save
print|bookmark|respond|play|pause|download|vote|results|read more|learn more|toc|pin|get the app
<network>
"""

# Names of sections, and headings of lists at the end.
MENU = r"""
news|world|uk|us|europe|politics|business|economy|markets|money|finance|tech|technology|science
health|climate|environment|education|culture|arts|books|music|film|tv|lifestyle|style|food|travel
sports?|weather|local|regional|national|international|opinion|comment|columns?|editorials?|letters
obituaries|photos?|images?|galleries|videos?|audio|podcasts?|live|crime|traffic|jobs|shop|store
deals|games|puzzles|crossword|events|contests|classifieds|magazine|archives?|sections?|topics|tags
categories|explore|discover|latest|trending|more|less|blog|teams|tools|recipes|links|forum
questions|users|unanswered|back|forward|free|open|love|like|support(?: the show| us)?|write
comments?
contents|table of contents|on this page|in this article|key events|references|notes|see also
external links|image|caption|media enquiries|media contacts?|press contacts?|poll
"""
