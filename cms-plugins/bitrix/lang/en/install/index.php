<?php

$MESS['FISCALGATE_INSTALL_NAME'] = 'Fiscalgate: fiscal receipts';
$MESS['FISCALGATE_INSTALL_DESCRIPTION'] = 'Prints receipts of orders on your register through a Fiscalgate gateway';
$MESS['FISCALGATE_INSTALL_PHP'] = 'PHP 7.4 or newer is needed';
$MESS['FISCALGATE_INSTALL_SALE'] = 'The module "sale" is needed';
$MESS['FISCALGATE_INSTALL_CHARSET'] = 'The module works on sites in UTF-8 only: convert the site, then install again';
