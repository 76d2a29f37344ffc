"""The words of web pages and mails around an article, for `noise`: one rule (a regex) a line.

Rules match whole lines or sentences, whatever their case, without the full stop, exclamation mark
or colon that may follow. A rule goes on in lines that begin with four blanks; <words> stand for
what WORDS says of them.
"""

WORDS = {
    "<network>": "(?:facebook|twitter|x|whats ?app|telegram|linked-?in|reddit|pinterest|instagram"
    "|you ?tube|tik ?tok|threads|bluesky|mastodon|messenger|flipboard|google news|e-?mail|rss"
    "|sms|xing|tumblr|social media)",
    "<button>": "(?:<network>|share|tweet|print|save|pin(?: it)?|copy link)",
    "<item>": "(?:article|story|post|page|piece|recipe|content|episode|issue|email|e-mail|message"
    "|newsletter|newsroom|video|podcast|website|site|interview|conversation|table|chart|review)",
    "<items>": "(?:articles?|stories|posts?|links|videos?|news|headlines|episodes)",
    "<paper>": r"\b(?:subscri\w+|memberships?|newsletters?|unlimited access)\b",
    "<deal>": r"(?:\b(?:starting at|from|for|only|just|save) <price>"
    r"|<price> ?(?:off\b|(?:a|per|/) ?(?:week|month|year)\b))",
    "<price>": r"(?:[$€£] ?\d[\d.,]*|\d[\d.,]* ?(?:%|€|£|cents?\b|euros?\b|dollars?\b))",
    "<ad>": "(?:ads?|adverts?|advertise?ments?|anzeigen?|werbung|publicité|publicidad)",
    "<count>": r"(?:\d[\d.,]*k?)",
}

PHRASES = r"""
# advertisements
(?:<ad>|(?:sponsored|promoted|paid)(?: content| posts?| links?| partnership)?)(?: by [\w .&]{1,40})?
(?:<ad>\W+)?(?:(?:story|article|content) continues|continue reading|continues) ?(?:below|after)?
    (?: (?:the |this )?<ad>)?
skip (?:the )?<ad>|scroll to continue(?: reading)?
skip (?:to|past) (?:the )?(?:main |primary )?(?:content|navigation|search|footer|sidebar)
a (?:message|word) from our (?:sponsors?|partners?)|(?:proudly )?powered by (?-i:[A-Z]).{1,40}
# subscriptions and accounts
subscribe(?: (?:now|today|here)\b.{0,60}| (?:to|for) (?:our|read|continue|keep|full|unlimited
    |the .*<paper>)\b.*)?
subscribe (?:from|for|at) <price>.{0,30}|subscribe & save.{0,40}|unlock (?:this|the) <item>.{0,40}
(?:sign up|register) (?:now|today|here|for free)|sign me up|join our mailing list|start writing
already (?:a|an|have|subscribed)\b.*\b(?:subscriber|member|account|log ?in|sign ?in)\b.{0,40}
already (?:subscribed|registered|a subscriber)\?.{0,40}
(?:log|sign) ?in(?: (?:to (?:read|continue|comment|your)|or (?:sign|register|subscribe))\b.{0,40})?
create (?:a|an|your) (?:free )?account(?: to .{1,40})?
become a (?:member|subscriber|supporter)(?: (?:now|today|here|to (?:read|support|unlock)\b.{0,40}))?
(?:download|get) (?:our|the) (?:\w+ ){0,3}app(?: (?:now|today|here|for|on)\b.{0,40})?
(?:open|view|continue|get) (?:it )?in (?:the )?app|cancel any ?time|view subscription options
(?:see|view|compare)(?: all)?(?: our)? (?:subscription|pricing) (?:options|plans|offers)
(?:manage|view) (?:my |your )?(?:account|subscriptions?|options|preferences)
join (?:us|our)\b.* (?:<network>|channel|newsletter|community)|join the (?:conversation|discussion)
unlock (?:this|the rest of this|the full|unlimited) (?:article|story|access)\b.{0,60}
gift (?:this )?<item>|give (?:this <item>|a gift subscription)|give the gift of reading
(?:add|save)d? to (?:your |my )?(?:reading list|bookmarks|list|favou?rites|library)
contact customer (?:service|care|support)
# where it was taken from
(?:source|original|article|external)(?: article)? (?:link|url)|original(?: article)?
(?:link to|read|view|see) (?:the )?original(?: article| post| story)?|link to (?:the )?source|source
(?:source|url|link|via|read at|original)\s*: ?(?:https?://|www\.)\S+
(?:printed from|find this <item> at|retrieved from)\b\W*(?:https?:|www\.)\S+
print(?:er)?[ -]friendly(?: version)?|print this (?:page|<item>)|close (?:this )?window
page \d+ of \d+
(?:published|appeared|appears) in (?:the )?.{0,60}\bprint (?:edition|version)(?: of .{1,40}\bissue)?
    ,?(?: (?:as|(?:with|under) the headline) .{1,120})?
(?:(?:published|updated|posted) (?:an?|\d+)|\d+) (?:min(?:ute)?|hour|hr|day|week|month)s? ago
    (?: by .{1,40})?
(?:aktualisiert )?vor \d+ (?:minuten|stunden|tagen)|il y a \d+ (?:minutes|heures|jours)
hace \d+ (?:minutos|horas|días)
a version of this <item> (?:appears|appeared|was (?:first |originally )?published)\b.*
# where to go next
(?:read|also read|read also|read more|read next|see also|more on this)\s*:.*
(?:read|see|show|load|view|hear|find out|learn) more(?: (?:about|on|at|here|from)\b.{0,60})?
(?:load|show|view) (?:older|newer|all|previous) \w+|view full (?:article|coverage|story)
also read|read (?:also|next|on)|(?:click|tap) here(?: to .{1,60})?
(?:continue|keep) reading(?: (?:below|the main story|with a .{0,20}\b(?:trial|subscription)))?
read (?:the|our) full (?:story|article|report|coverage)(?: here)?
back to (?:top|home|overview|the (?:top|homepage|overview|list))|top of page|to the top
(?:previous|next|older|newer) (?:<item>|entry|chapter|route|part|<items>)(?: ?: .{1,80})?
# sharing, following, comments
tweet|copied|bookmark|share(?: (?:this|the)(?: <item>\b.{0,60})?)?
share(?: on)? <button>(?: share(?: on)? <button>)+
share (?:on|via|with|to|by) .{0,40}\b(?:<button>|friends)\b.{0,40}
click to (?:share|email|print)\b.{0,60}
(?:print|save|e-?mail|bookmark|like|rate|pin|reuse|cite|download|blog) this (?:article|story|post
    |page|recipe|content|quote|!)\b.{0,40}
(?:tweet|pin|copy|save) (?:this(?: quote)?|it|link to (?:post|article))(?: for later)?
<button>(?:[ ,|/•·]+(?:and )?<button>)+|copy (?:link|url)
(?:follow|like|find|join|connect with) .{1,60} on <network>(?:[ ,&/]+(?:and )?<network>)*
    (?: (?:for|to) .{1,60})?
follow (?:us|@\w+)(?: (?:on|for) .{1,60})?|follow (?:live|for) updates
listen on (?:apple|spotify|google)\b.{0,20}
(?:\d+ |view |show |leave a |post a |add a |write a |load more )comments?|no comments
comments?(?: \(?\d+\)?)?
<count> (?:shares?|likes?|views|claps|followers|replies|responses|reactions|restacks|retweets
    |accesses|citations|altmetric|upvotes|silver badges?|visitors)
comments are closed|leave a (?:comment|reply)(?: cancel reply)?|cancel reply|reply
\d+ (?:thoughts?|responses?|comments|replies) (?:on|to) [“"«].*|sort(?:ed)? by:? .{1,40}
listen to (?:this|the) (?:article|story)\b.{0,30}|(?:play|watch) (?:the )?video
video ?: ?loading|video (?:unavailable|player)|loading(?: (?:comments|more|video))?
(?:click|tap|press) to (?:play|enlarge|expand)
view image in full ?screen|full ?size (?:image|table)|enlarge (?:this )?image
embed (?:this )?(?:chart|video|map|code)
(?:audio|video) ?: ?(?:listen|watch|play)\b.{0,40}
\d+[ -]min(?:ute)?s? (?:read|to read|listen|watch)(?:ing)?|reading time\W*\d+[ -]min\w*
# cookies and small print
(?:this|our) (?:web)?site uses cookies\b.*
we (?:and our (?:\w+ )?partners )?use (?:\w+ )?cookies (?:to|and|on|for|in order)\b.*
we and our (?:[\d,]+ )?(?:\w+ )?partners (?:store|process|use)\b.*
by (?:continuing|using|browsing|clicking|signing|subscribing|submitting|registering)\b
    .*\byou (?:agree|accept|consent|acknowledge)\b.*
\W*I understand and agree that\b.*\b(?:terms|policy|agreement)\b.*
I agree to the (?:terms|privacy)\b.*
we (?:value|respect) your privacy|your privacy is important to us
do not sell my personal information
(?:accept|reject|manage|allow|necessary)(?: all| only)?(?: additional)?(?: cookies?)(?: settings
    | preferences)?
(?:accept|reject|allow) all|(?:your )?privacy choices.{0,20}
cookies? (?:policy|settings|preferences|notice|consent)|privacy (?:policy|notice)
terms of (?:use|service)
(?:copyright )?(?:©|\(c\) ?[12]\d{3}\b).*|(?:.{1,80}\b)?all rights reserved.{0,60}
copyright [12]\d{3},? (?-i:[A-Z]).{1,60}
this material may not be published, broadcast.*|all quotes delayed\b.*
getty images|image|home(?:\s*[>»›/]\s*[\w &-]{1,40}){1,6}
(?:please |you need to )?(?:enable|turn on) javascript\b.*
something went wrong|please try again(?: later)?|report (?:a problem|an error)(?: with this page)?
# mails and old pages
(?:view|open|read|see) (?:this )?(?:e-?mail |newsletter |message )?(?:in|on) (?:your |a |the )?
    (?:web )?(?:browser|web)
unsubscribe(?: (?:here|from this (?:list|newsletter)))?|update your preferences|no spam.{0,60}
you(?:[’']re| are)? (?:receiving|received|getting) this (?:e-?mail|message|newsletter)\b.*
you are (?:currently )?subscribed\b.{0,80}|(?:original|forwarded|begin forwarded) message
to unsubscribe\b.*|to view this discussion\b.*|sent from my (?:i?phone|ipad|mobile|android)\b.*
was this (?:e-?mail|<item>|information) (?:forwarded|helpful|useful)\b.*
forwarded this (?:e-?mail|message)\?.*
is this page useful\?|(?:yes|no) this page is (?:not )?useful
you are visitor (?:number|no)\b.*|best viewed (?:at|in|with) .{1,60}|e-?mail the webmaster
# wikis, forums and journals
from [\w ]{2,30}, the free encyclopa?edia|(?:jump to (?:navigation|search|content|recipe|comments))+
this page was last (?:edited|modified)\b.*|(?:text|all content) is available under\b.*
this article needs additional citations\b.*|please help improve this article\b.*
your e-?mail address will not be published|required fields are marked.{0,4}
save my name, e-?mail\b.*|improve this (?:question|answer)
ask (?:a )?question|browse other questions tagged\b.*
not the answer you[’']re looking for\?|thanks for contributing an answer\b.*
cite this (?:article|page|as)|metrics details|reprints and permissions|rights and permissions
download (?:pdf|citation|references|data|csv|as pdf)\b.{0,20}|google scholar|order reprints
site index
(?:received|accepted|revised|submitted)\s*:\s.{0,20}\b\d{4}|.{1,80}\barticle number\s*: ?\d+.{0,12}
(?:this|the) (?:interview|conversation|transcript) (?:has been|was) (?:lightly |slightly )?
    (?:edited|condensed|shortened)\b.*
"""

# What a site says to its reader in whole sentences; not noise where it may be reported speech.
PLEAS = r"""
(?=.*<paper>)(?=.*<deal>)(?:get|try|enjoy|unlock|save|subscribe) .*
sign up (?:for|to) .*(?:<paper>|\b(?:alerts|e-?mails?|updates|free)\b).*
sign up to (?:discover|read|receive|get)\b.*
(?:get|receive) .*\b(?:in|to|into) your inbox\b.*|enter your e-?mail(?: address)?\b.{0,60}
your e-?mail address
(?:get|receive) (?:e-?mails?|e-?mail alerts|notifications|alerts) about this\b.*
(?:please )?(?:support|fund) (?:our|independent|quality|free|local) (?:\w+ )?journalism\b.{0,80}
your (?:subscription|support|contribution)s? makes? (?:our|this) journalism possible
our journalism is made possible by .{1,60}
you have (?:\d+|one|two|three|no) (?:free |complimentary )?(?:articles?|stories) (?:left
    |remaining)\b.*
(?:this|the rest of this) <item> is (?:only |exclusively )?(?:for|reserved for
    |available to) (?:our |paying |paid )?(?:subscribers|members)\b.*
to (?:continue|keep) reading\b.{0,30}\b(?:subscribe|sign|log|choose|register|create|join)\b.*
register now (?:for|to)\b.*
.{1,60} is a reader-supported (?:publication|newsletter)
(?:for the full experience|to receive new posts|to support|please consider|consider)\b
    .*\bbecom(?:e|ing) a (?:free or )?(?:paid|paying) (?:subscriber|member)\b.*
you[’']re on the free list\b.*|to receive new posts and support\b.*|this post is public\b.*
(?:please )?(?:forward|share|send) (?:this|it) (?:\w+ ){0,2}to a friend.*
(?:if you (?:enjoy\w*|liked?|loved?|found) (?:this|the|our|my|what)\b.{0,60}
    |if this <item> helped you)\b.*\b(?:subscrib\w+|share it|forward|clap\w*|follow (?:me|us)
    |review|newsletter|donat\w+|hold down)\b.*
(?:enjoy(?:ed|ing)?|liked?|loved?|tried) this <item>\?.*
thank(?:s| you) for (?:reading|subscribing)\b.{0,60}
please (?:leave|give) (?:us )?a (?:review|rating)\b.*|mention @\w+.*\btag #\w+.*
(?:please )?(?:read|see) (?:my|our) (?:disclosure|affiliate|privacy) policy\b.*
this <item> (?:may )?contains? affiliate links\b.*|if you buy through (?:them|our links|links)\b.*
.*\bmay earn a\b.{0,30}\b(?:portion|commission)\b.*\b(?:our|my|these|affiliate) (?:site|links?)\b.*
(?:we|I) (?:may )?earn a\b.{0,20}\bcommission\b.*
(?:today[’']s|this(?: week[’']s)?) (?:issue|episode|newsletter|edition|show) is (?:sponsored
    |brought to you|supported|presented) by\b.*
use (?:the )?(?:promo |discount )?code (?-i:[A-Z][A-Z0-9]{2,})\b
    .*\b(?:off|checkout|discount|free)\b.*
get <price> off\b.*
(?:do you have|have you got|got) (?:a|any) (?:story|news|tip|question)\b.*\?.*
(?:contact|e-?mail|reach|follow) (?:us|me|her|him|them|the (?:author|reporter|writer)|
    (?-i:[A-Z][\w.]+ [A-Z]\w+))\b.{0,40}[ (]\S*@\w[\w.]+.{0,40}
this e-?mail address is for\b.*
did you (?:like|enjoy) this <item>\?.{0,60}
to (?:hear|read|get) more\b.{1,60}\b(?:download|subscribe|sign up)\b.*
check out these <items>|never miss an? (?:story|post|update|episode|issue|article)\b.{0,20}
our standards ?:.*|acquire licensing rights\b.*
reporting by .{1,80}[;] ?(?:additional|editing|writing)\b.*
"""
# No sentence, so no full stop, question or exclamation mark at the end.
FRAGMENTS = r"""
(?!.*\b(?:said|says|told|asked|added|wrote|according)\b)(?=.*<deal>).*<paper>.*
(?:.{1,40} )?(?:subscription|membership|newsletter) (?:banner|offer|box|form)
copyright [12]\d{3}\b.*
(?:related|watch|listen|recommended|don[’']t miss)\s*(?::|\.{3}|…).*
(?:photo|photograph|image|picture|illustration|foto|fotos|bild|crédit|crédits|crédito|imagen)s?
    (?: ?credits?| courtesy| source| photos?)?(?: of| by)?\s*[:/|©].{1,60}
credits? ?(?:\.{3}|…|:).{1,60}
.{1,40}\bnewsletter\W+sign up\b.*
(?:photo|photograph|image|picture|illustration)s? by .{1,60}|(?:photo|image|picture) credits?
(?:tel|telephone|phone|fax|tél|teléfono|telefon)\b[.: ]*[+(]?\d[\d ()/.-]{4,30}
e-?mail ?:? \S+@\S+
.{1,80} \((?:pdf|zip|csv|xlsx?|docx?|epub|mp3),? [\d.,]+ ?[kmg]?b\)?
"""

# Who reports, so that it is the article that speaks.
TOLD = r"""
\b(?:said|says|told|asked|added|wrote|according|sagt\w*|erklärte|dit|déclar\w+|expliqu\w+|dijo
    |dice|explic\w+)\b
"""
