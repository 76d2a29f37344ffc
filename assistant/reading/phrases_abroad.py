"""The words of `phrases` in German, French and Spanish."""

PHRASES = r"""
# German
weiter nach der anzeige|(?:zum|zur) (?:haupt)?(?:inhalt|navigation) springen|zum inhalt
zur startseite|nach oben
(?:mehr |weiter)lesen
(?:hier|jetzt) (?:weiterlesen|anmelden|registrieren|abonnieren|testen|kostenlos\b.{1,40})
    (?: mit .{1,40})?
lesen sie (?:hierzu |dazu )?(?:auch|mehr|hier|dazu)(?: ?:.*| mehr)?
(?:lies|lesen|mehr dazu|siehe) (?:auch|dazu)?\s*:.*
(?:auf|per|via|bei|über) <network> (?:teilen|versenden|folgen)
(?:diesen )?(?:artikel|beitrag|seite|link) (?:teilen|drucken|merken|kopieren|versenden|speichern
    |anhören)
(?:lesezeit|lesedauer)\W*\d+ ?min\w*|\d+ min(?:\.|uten)? (?:lesezeit|lesedauer)
(?:artikel zum hören|anhören)\b.{0,12}
(?-i:Sie) haben (?:bereits|schon) ein abo\?.{0,60}|(?:monatlich|jederzeit) kündbar
(?:exklusiv|nur) für abonnent\w+
(?:wir|diese (?:web)?seite) (?:verwenden|nutzen|verwendet|nutzt) cookies\b.*|alle akzeptieren
cookie-einstellungen
(?-i:Mit Ihrer Zustimmung)\b.*|empfohlener redaktioneller inhalt|externer inhalt
inhalt einmal anzeigen
an dieser stelle finden sie (?:einen )?externen? inhalte?\b.*|(?:newsletter|jetzt) abonnieren
zurück zur (?:übersicht|startseite|hauptseite)
um kommentare zu schreiben\b.*|fehler (?:gefunden|entdeckt)\?.*|alle rechte vorbehalten|impressum
datenschutz(?:erklärung)?
# French
(?:la suite|l[’']article continue) après (?:cette |la )?<ad>|aller au (?:contenu|menu).{0,20}
retour (?:en haut|à l[’']accueil)
(?:à )?lire (?:aussi|également|la suite)(?:\s*:.*)?
(?:voir|regarder|écouter) (?:aussi|également)\s*:.*|lire plus|en savoir plus
partager(?: (?:sur|par|via) <network>| (?:cet |l[’'])article)?|envoyer par e-?mail|copier le lien
imprimer|commenter(?: \(?\d+\)?)?
temps de lecture\W*\d+ ?min\w*|lecture \d+ min|ajouter à (?:vos|mes|ma) .{1,20}
(?:cet|l[’']) ?article vous a plu\b.*
(?:s[’']abonner|abonnez-vous|se connecter|s[’']inscrire|inscrivez-vous|connectez-vous)
    (?: (?:à (?:la|notre) (?:newsletter|lettre)|pour lire|à partir de|dès|ici)\b.{0,60})?
suivez-nous\b.{0,40}|recevez (?:nos|notre|toutes? (?:l|n))\b.{0,60}|article réservé aux abonnés
il vous reste .{1,20} articles?\b.{0,40}|déjà abonné\b.{0,40}
(?:continuer sans|tout) (?:accepter|refuser)|gérer (?:mes|les) cookies
(?:nous|ce site) utilis(?:ons|e) (?:des|les) cookies\b.*
avec votre accord\b.*\bcookies\b.*|mentions légales|politique de confidentialité
conditions générales.{0,20}
(?:tous )?droits réservés.{0,40}
# Spanish
ir al contenido.{0,20}|volver (?:arriba|al inicio)|saltar al contenido|sigue leyendo
(?:continuar|seguir) leyendo
(?:lee|leer|lea|ver|vea|mira) (?:también|además|más|más tarde)(?:\s*:.*)?
más (?:información|sobre .{1,40})\s*:.*|saber más
compartir(?: (?:en|por|vía) <network>| (?:este|esta) (?:artículo|noticia))?|copiar enlace
(?:\d+ )?comentarios?(?: \(?\d+\)?)?
escuchar (?:el )?artículo|ver comentarios
\d+ min(?:utos|\.)? (?:de )?lectura|tiempo de lectura\W*\d+.{0,10}
(?:archivado|publicado|etiquetado) en ?:.{1,80}
(?:suscr[íi]bete|suscríbase|apúntate|regístrate|inicia(?:r)? sesión)(?: (?:a|por|para|ahora|en
    |o)\b.{0,60})?
s[íi]guenos\b.{0,40}
recib[ea] .{0,80}\b(?:en tu (?:correo|e-?mail|bandeja|buzón)|newsletter|boletín)\b.*
contenido exclusivo para suscriptores
¿ya eres suscriptor\b.{0,40}
(?:utilizamos|usamos) cookies\b.*|este sitio (?:web )?(?:utiliza|usa) cookies\b.*
configura(?:r|ción de) cookies|aceptar (?:todas?|y continuar|cookies)
normas(?: ·)? .{0,12}para comentar\b.*|aviso legal|política de (?:privacidad|cookies)
todos los derechos reservados
"""

LABELS = r"""
# German, French, Spanish
mehr zum thema|das könnte sie (?:auch )?interessieren|meistgelesen\w*
(?:meist)?(?:gelesene|neueste|weitere|beliebte) (?:artikel|beiträge|nachrichten|meldungen)
auch interessant|passend zum thema|verwandte (?:artikel|themen|beiträge)
sur le même (?:sujet|thème)|la rédaction vous (?:conseille|recommande)|à lire (?:aussi|également)
lire (?:aussi|également)|les plus (?:lus|lues)|articles? (?:liés?|similaires|associés?)
dans la même rubrique|vous aimerez aussi
(?:noticias|artículos|contenidos?) relacionad[oa]s?|(?:también )?te (?:puede|podría) interesar
lo más (?:visto|leído)|más noticias|más información|te recomendamos|también te puede interesar
"""

BUTTONS = r"""
startseite|menü|suche|anmelden|registrieren|kontakt|hilfe|agb|mediadaten|nutzungsbedingungen
teilen|drucken|merken|abo|impressum
accueil|recherche|rechercher|connexion|aide|contacts?|partager|contribuer|imprimer|plan du site
inicio|menú|buscar|ayuda|contacto|guardar|compartir|hemeroteca
"""

MENU = r"""
politik|wirtschaft|panorama|kultur|lokales|regional|sport|wissen|meinung|mediathek|kommentare
inhalt|literatur|einzelnachweise|weblinks
actualités?|société|politique|économie|monde|région|débats|sciences|idées|vidéos?|abonnés?
commentaires|sommaire
internacional|españa|economía|opinión|cultura|deportes|sociedad|ciencia|tecnología|gente|vídeos?
comentarios|índice
"""
