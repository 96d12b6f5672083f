"""The demo's stories in French."""

from __future__ import annotations

from helpdesk_cli.services.demo.stories import Phrases, Story

FRENCH = Phrases(
    stories=(
        Story(
            "technical", "critical", "incident",
            "Plus aucune commande n'arrive en production",
            "Depuis un quart d'heure, les commandes restent bloquées et l'atelier est à l'arrêt.\n"
            "Merci de me rappeler tout de suite.",
            "Nous sommes dessus. Voyez-vous encore les commandes dans la file d'attente ?",
            "Oui, elles y sont toutes, mais aucune n'avance.",
            "Le disque de la file d'attente était plein. Nous l'avons agrandi : tout est parti,\n"
            "et une alerte nous préviendra désormais à 80 %.",
        ),
        Story(
            "technical", "urgent", "incident",
            "Le serveur de fichiers ne répond plus",
            "Les dossiers partagés sont inaccessibles depuis ce matin, pour tout le monde.",
            "Le serveur répond-il encore au ping, et quel est le message affiché ?",
            "Il répond, le message est « accès refusé ».",
            "Le certificat avait expiré dans la nuit. Il est renouvelé et les dossiers sont de nouveau là.",
        ),
        Story(
            "technical", "high", "incident",
            "Les exports comptables sont vides depuis hier",
            "Le fichier arrive bien chaque matin, mais il ne contient que l'en-tête.",
            "Pouvez-vous nous indiquer le nom de l'export concerné ?",
            "Il s'appelle compta-{n}.",
            "Le filtre portait encore sur l'exercice précédent. Il est corrigé,\n"
            "et les deux fichiers manquants ont été régénérés.",
        ),
        Story(
            "technical", "normal", "incident",
            "L'imprimante du quai imprime tout en double",
            "Chaque bon de livraison sort en deux exemplaires, par exemple le bon {n}.",
            "Est-ce aussi le cas depuis un autre poste ?",
            "Non, seulement depuis celui du quai.",
            "Le pilote de ce poste était réglé sur deux copies. C'est rectifié.",
        ),
        Story(
            "technical", "low", "question",
            "Comment changer la signature des courriels ?",
            "Notre adresse a changé et l'ancienne figure encore sous nos réponses. Où la modifie-t-on ?",
            "S'agit-il de la signature commune ou de la vôtre ?",
            "De la signature commune.",
            "Dans Paramètres, Messages, Signature commune. Le changement est immédiat.",
        ),
        Story(
            "activation", "high", "incident",
            "La clé d'activation {n} est refusée",
            "L'installation s'arrête avec « clé inconnue », alors que la clé vient de votre courriel.",
            "Pouvez-vous nous copier la clé telle que vous la saisissez ?",
            "La voici : LE-{n}-O0.",
            "Il s'agit d'un zéro à la fin, et non de la lettre O. La clé est valable.\n"
            "Nous allons changer la police de nos courriels.",
        ),
        Story(
            "activation", "normal", "request",
            "Activation de trois postes à Lyon",
            "Trois collègues nous rejoignent lundi à Lyon. Pouvez-vous activer leurs postes ?",
            "Volontiers. Quels sont leurs noms et adresses ?",
            "Inès Faure, Paul Girard et Zoé Lambert, aux adresses habituelles.",
            "Les trois postes sont actifs, les invitations viennent de partir.",
        ),
        Story(
            "financial", "normal", "complaint",
            "Facture {n} : la remise a été oubliée",
            "La remise de 10 % prévue au contrat ne figure pas sur la facture {n}.",
            "De quelle date est votre contrat ?",
            "Du 12 janvier.",
            "Vous avez raison. L'avoir est joint, et la remise est maintenant enregistrée pour la suite.",
        ),
        Story(
            "financial", "low", "question",
            "Duplicata de la facture {n}",
            "Notre comptable ne retrouve pas la facture {n}. Pourriez-vous la renvoyer ?",
            "À cette adresse ou directement à votre comptable ?",
            "À moi, s'il vous plaît.",
            "Elle est jointe. Toutes vos factures sont aussi dans votre espace, sous Compte.",
        ),
        Story(
            "sales", "normal", "request",
            "Devis pour la migration avant la fin du mois",
            "Nous voudrions passer à la nouvelle version cet automne. Pouvez-vous nous faire un devis ?",
            "Combien de postes, et avec ou sans la reprise des archives ?",
            "Trente postes, avec les archives.",
            "Le devis est parti, avec la reprise des archives en option.",
        ),
        Story(
            "sales", "low", "question",
            "Tarif pour dix utilisateurs de plus",
            "Combien coûteraient dix utilisateurs supplémentaires jusqu'en décembre ?",
            "Avec le module de planification ?",
            "Sans, pour le moment.",
            "La grille est jointe ; à partir de dix, le palier suivant s'applique.",
        ),
    ),
    thanks=(
        "C'est parfait, merci beaucoup !",
        "Tout est en ordre. Bonne journée !",
        "Merci, vous pouvez fermer le ticket.",
    ),
    waiting=(
        "Nous avons interrogé le fabricant et attendons sa réponse sous deux jours.",
        "La pièce est commandée, nous revenons vers vous dès sa réception.",
    ),
    again=(
        "Désolée, le problème est revenu ce matin, à l'identique.",
        "Cela a tenu une journée, et nous revoilà au même point.",
    ),
    sorry=("Il y avait une seconde cause, sur l'autre serveur. Elle est corrigée, tout est revérifié.",),
    nudge=("Avez-vous du nouveau ?", "Pouvez-vous me dire où cela en est ?"),
)  # fmt: skip
