<?php

$MESS['FISCALGATE_INSTALL_NAME'] = 'Fiscalgate: чеки 54-ФЗ';
$MESS['FISCALGATE_INSTALL_DESCRIPTION'] = 'Печатает чеки заказов на вашей кассе через шлюз Fiscalgate';
$MESS['FISCALGATE_INSTALL_PHP'] = 'Нужен PHP 7.4 или новее';
$MESS['FISCALGATE_INSTALL_SALE'] = 'Нужен модуль «Интернет-магазин» (sale)';
$MESS['FISCALGATE_INSTALL_CHARSET'] = 'Модуль работает на сайтах в кодировке UTF-8. Переведите сайт в UTF-8 и установите модуль снова';
